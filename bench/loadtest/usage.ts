import { SCENARIOS } from './plan.js';

const scenarios = Object.entries(SCENARIOS)
  .map(([name, what]) => `      ${name.padEnd(8)}${what}`)
  .join('\n');

/** What `--help` prints. */
export const USAGE = `npm run loadtest -- [options]

Loads a Livehold server with viewers who book, and checks that it kept its word. Without --url it
starts the built server by itself, with a Redis of its own and no limits on rates.

  --scenario flash|steady|browse|join|pay   [flash]
${scenarios}
  --viewers N        how many viewers [1000]
  --rate N           arrivals a second [500; steady, browse and pay 200; join all at once]
  --bookings N       actions a second [flash 2000, steady and browse 200, join 100, pay 50]
  --duration S       of the actions, seconds [flash 15, steady and browse 30, join 5, pay 20]
  --phase "10s 100/s"   instead of the two: so long at so many actions a second; "1m 100-2000/s" rises
                     evenly. Given several times, one phase follows upon the other
  --items N          items in a live of our own [5; flash 1]
  --stock N          units of each [flash half of what is wanted within one hold, others plenty]
  --hold S           how long a booking is held in a shop of our own, seconds [a fifth of the duration,
                     so that holds end all the time while others book]
  --processes N      processes that share the load [1]
  --threshold "booking.p99<250"   a bound; missed, the exit status is 1. Several may be given
  --report FILE      writes everything measured as JSON
  --html FILE        writes it as a page with plots, in one file

  --url URL          the server to load
  --shop S --live L  an existing live; otherwise a shop and a live are made
  --host-token T     a host's token: to make the live, and for the audit
  --yes-i-own-this-server   needed for any target but this machine
  --help             this text

Several machines share a load:
  --coordinator [HOST:]PORT   this one makes the live, lets others join at this address [127.0.0.1], gives
                     them their parts and judges all; --processes of its own [0]
  --machines N       how many others to wait for [1]
  --wait S           for so many seconds; then it ends with exit status 2 [120]
  --join HOST:PORT   this one takes a part, with --processes [1]; everything else the coordinator says
  --key K            what both must know, or LOADTEST_KEY [the coordinator makes one, and prints it]

AUTH_SECRET (or data/auth-secret, for a server on this machine) signs tokens for host and viewers.
Without it and without --host-token, viewers are guests and the audit cannot be asked.

The exit status is 0 when all promises held, 1 when one was broken or a threshold missed, 2 for a mistake in the options.`;
