import { setTimeout as delay } from 'node:timers/promises';
import type { MidtransLookalike } from '../../../test/payments/midtrans-lookalike.js';
import type { Fault } from '../fault.js';
import type { Random } from '../random.js';
import type { Scene } from '../scene.js';

/** A gateway outside of the server. */
function badGateway(
  name: string,
  does: string,
  behave: (gateway: MidtransLookalike, random: Random, scene: Scene) => Promise<void>,
): Fault {
  return {
    name,
    does,
    needs: { gateway: true },
    onTime: true,
    async act(scene, random) {
      const { midtrans } = scene;
      if (!midtrans) throw new Error('there is no gateway');
      await scene.during(() => behave(midtrans, random, scene));
    },
  };
}

/** What a gateway should never say. */
const NONSENSE: [number, unknown][] = [
  [200, '<html>Bad Gateway</html>'],
  [200, '{"status_code":'],
  [200, {}],
  [200, { status_code: '200', transaction_status: 'settlement' }],
  [500, { status_code: '500', status_message: 'Internal Server Error' }],
  [429, 'Too Many Requests'],
];

export const GATEWAY_FAULTS: Fault[] = [
  badGateway(
    'gateway-slow',
    'every answer of the gateway up to 8 s late',
    async (gateway, random) => {
      for (let left = random.whole(2, 3); left > 0; left--) {
        gateway.slow(random.whole(200, 8_000));
        await delay(1_000);
      }
      gateway.slow(0);
    },
  ),
  badGateway(
    'gateway-down',
    'connections to the gateway refused for up to 4 s',
    async (gateway, random) => {
      await gateway.goDown();
      await delay(random.whole(500, 4_000));
      await gateway.comeBack();
    },
  ),
  badGateway(
    'gateway-failing',
    'the gateway answers 503 for up to 4 s',
    async (gateway, random) => {
      gateway.fail();
      await delay(random.whole(500, 4_000));
      gateway.fail(false);
    },
  ),
  badGateway(
    'gateway-silent',
    'the gateway does what it is asked and cuts the connection, 10 to 20 times',
    async (gateway, random) => {
      gateway.dropAnswers(random.whole(10, 20));
      await delay(2_500);
      gateway.dropAnswers(0);
    },
  ),
  badGateway(
    'gateway-lying',
    'answers that say nothing true, forged notices of payments, every notice three times',
    async (gateway, random, scene) => {
      gateway.notifier.copies = 3;
      for (let left = random.whole(8, 15); left > 0; left--) {
        gateway.answerNext(...random.pick(NONSENSE));
        await forgeNotice(gateway, scene);
        await delay(random.whole(50, 250));
      }
      gateway.notifier.copies = 1;
    },
  ),
  badGateway(
    'notices-lost',
    'no notice of any payment arrives for up to 3 s',
    async (gateway, random) => {
      gateway.notifier.dropping = true;
      await delay(random.whole(1_000, 3_000));
      gateway.notifier.dropping = false;
    },
  ),
];

/** Somebody without the key says that the newest payment is paid. */
async function forgeNotice({ requests }: MidtransLookalike, scene: Scene): Promise<void> {
  const charge = requests.findLast(({ path }) => path === '/v2/charge');
  const details = (
    charge?.body as { transaction_details?: { order_id: string; gross_amount: number } }
  )?.transaction_details;
  if (!details) return;
  const notice = {
    order_id: details.order_id,
    gross_amount: `${details.gross_amount}.00`,
    status_code: '200',
    transaction_status: 'settlement',
    fraud_status: 'accept',
    signature_key: 'f'.repeat(128),
  };
  const answer = await fetch(`${scene.server.url}/api/v1/webhooks/midtrans`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(notice),
  });
  await answer.arrayBuffer();
  if (answer.ok) throw new Error('a forged notice was taken');
}
