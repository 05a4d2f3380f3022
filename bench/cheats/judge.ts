import type { Outcome, Plan, Share } from './evening.js';
import type { Recovery } from './recovery.js';
import type { Setup } from './setups.js';

/** One thing that the recommended settings promise, and what came of it. */
export interface Check {
  promise: string;
  kept: boolean;
  seen: string;
}

/** @param setup the recommended settings, and what came of them */
export function judge(setup: Setup, outcome: Outcome, recovery: Recovery, plan: Plan): Check[] {
  const share = (kind: Share['kind']) => outcome.shares.find((one) => one.kind === kind) as Share;
  const [farm, lapsers] = [share('farm'), share('lapser')];
  const { guestsPerAddress, numbers } = plan;
  const account = setup.settings.order.maxItemQuantity;
  const ofAddress = guestsPerAddress * account;
  return [
    {
      promise: `one person with ${numbers.farm} guests ends with no more than the share of one address, ${guestsPerAddress} guests an hour with ${account} of an item each`,
      kept: farm.accounts <= guestsPerAddress && farm.mostOfItem <= ofAddress,
      seen: `${farm.accounts} guests were let in; they held at most ${farm.mostOfItem} of an item at once, and ended with ${farm.paid} of ${outcome.units} units`,
    },
    {
      promise: 'a lapser loses the right to hold',
      kept: lapsers.barred === lapsers.accounts,
      seen: `${lapsers.barred} of ${lapsers.accounts} may not book any more`,
    },
    {
      promise:
        'an honest viewer who slipped once is back at full rights within the days that `recoveryPerDay` says',
      kept:
        recovery.lost > 0 &&
        recovery.daysToRights >= 0 &&
        recovery.daysToRights <= recovery.promised &&
        recovery.daysToAll === recovery.promised,
      seen: `${recovery.lost} points lost; all rights after ${days(recovery.daysToRights)}, all points after ${days(recovery.daysToAll)} (${days(recovery.promised)})`,
    },
    {
      promise: 'the stock is accounted for',
      kept: outcome.auditOk,
      seen: outcome.auditOk ? 'the audit is right' : 'THE AUDIT IS WRONG',
    },
  ];
}

function days(count: number): string {
  return count === 1 ? '1 day' : `${count} days`;
}
