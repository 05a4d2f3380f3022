import { useEffect } from 'preact/hooks';
import { Announcer } from '../shared/announce.js';
import { Toasts } from '../shared/toast.js';
import { openConnection } from './connection.js';
import { token } from './session.js';
import { PendingList } from './shell/PendingList.js';
import { Shell } from './shell/Shell.js';
import { SignIn } from './shell/SignIn.js';

export function App() {
  const current = token.value;
  useEffect(() => (current === null ? undefined : openConnection(current)), [current]);
  return (
    <>
      {current === null ? <SignIn /> : <Shell />}
      <PendingList />
      <Toasts />
      <Announcer />
    </>
  );
}
