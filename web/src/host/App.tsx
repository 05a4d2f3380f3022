import { useEffect } from 'preact/hooks';
import { Announcer } from '../shared/announce.js';
import { Toasts } from '../shared/toast.js';
import { openConnection } from './connection.js';
import { linkToOpen, token } from './session.js';
import { OpenLink } from './shell/OpenLink.js';
import { PendingList } from './shell/PendingList.js';
import { Shell } from './shell/Shell.js';
import { SignIn } from './shell/SignIn.js';

export function App() {
  const current = token.value;
  const link = linkToOpen.value;
  return (
    <>
      {link !== null ? (
        <OpenLink code={link} />
      ) : current === null ? (
        <SignIn />
      ) : (
        <Console token={current} />
      )}
      <div class="notices">
        <PendingList />
        <Toasts />
      </div>
      <Announcer />
    </>
  );
}

/** The console of one signed-in host, connected for as long as it is shown. */
function Console({ token: current }: { token: string }) {
  useEffect(() => openConnection(current), [current]);
  return <Shell />;
}
