import { describe, expect, it } from 'vitest';
import { scripts } from '../../src/store/scripts/index.js';
import { startRedis } from '../support/redis-server.js';

describe('the scripts', () => {
  it('all compile: Lua has limits of names in a function, and says so only when it is called', async () => {
    const client = await (await startRedis()).client();
    for (const { name, source, sha } of Object.values(scripts)) {
      expect([name, await client.scriptLoad(source)]).toEqual([name, sha]);
    }
  });
});
