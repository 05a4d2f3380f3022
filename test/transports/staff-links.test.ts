import { beforeAll, describe, expect, it, vi } from 'vitest';
import { hostSocket } from '../support/client.js';
import { type Host, host } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { signToken } from '../support/tokens.js';

let server: TestServer;
let other: TestServer;

beforeAll(async () => {
  const redisUrl = (await startRedis()).url;
  [server, other] = await Promise.all([startServer({ redisUrl }), startServer({ redisUrl })]);
});

async function invited(owner: Host, body: object = {}) {
  const { status, body: answer } = await owner.call('POST', '/staff', {
    name: 'Sari',
    staff: 'helper',
    ...body,
  });
  expect(status).toBe(201);
  return { ...answer, code: answer.url.split('#link=')[1] as string };
}

const claim = (on: Host, code: unknown) =>
  on.call('POST', '/staff/claim', { code }, 'no token at all');

describe('a link into the console', () => {
  it('works once, on any server, and says whose name and role it carries', async () => {
    const owner = host(server);
    const { code, member, url } = await invited(owner);
    expect(url).toMatch(/\/host#link=/);
    expect(member).toMatchObject({ name: 'Sari', staff: 'helper', by: 'host', byName: 'Host' });
    expect(member.linkEndsAt - member.at).toBe(600_000);
    const { status, body } = await claim(host(other, owner.shop), code);
    expect(status).toBe(200);
    expect(body.member.endsAt - body.member.signedInAt).toBe(12 * 3_600_000);
    expect(await claim(owner, code)).toMatchObject({
      status: 401,
      body: { error: { details: { link: 'was opened, has run out or was taken back' } } },
    });
    expect((await owner.call('GET', '/items', undefined, body.token)).status).toBe(200);
    expect((await owner.call('GET', '/staff', undefined, body.token)).status).toBe(403);
    const { items } = await owner.get<{ items: object[] }>('/staff');
    expect(items).toEqual([body.member]);
    expect(JSON.stringify(items)).not.toContain('digest');
  });

  it('is opened by one of many who try at once', async () => {
    const owner = host(server);
    const { code } = await invited(owner);
    const tries = await Promise.all(
      Array.from({ length: 10 }, (_, n) => claim(host(n % 2 ? server : other), code)),
    );
    expect(tries.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('is not to be guessed, bent to another shop, or had by a helper', async () => {
    const owner = host(server);
    const { code } = await invited(owner);
    const [shop, staffId, secret] = code.split('.');
    for (const bad of [
      `${shop}.${staffId}.${'A'.repeat(32)}`,
      `another-shop.${staffId}.${secret}`,
      `${shop}.staff_nobody.${secret}`,
    ]) {
      expect((await claim(owner, bad)).status).toBe(401);
    }
    for (const bad of ['', 'x', 'a.b', '{a}.b.c', `${code}.d`, 7, null]) {
      expect((await claim(owner, bad)).body.error.code).toBe('VALIDATION');
    }
    const helper = signToken({ sub: 'h', shop: owner.shop, role: 'host', staff: 'helper' });
    const body = { name: 'X', staff: 'owner' };
    expect((await owner.call('POST', '/staff', body, helper)).status).toBe(403);
    expect((await claim(owner, code)).status).toBe(200);
  });

  it.each([
    [{ name: '' }, 'name'],
    [{ name: 'x'.repeat(65) }, 'name'],
    [{ staff: 'manager' }, 'staff'],
    [{ hours: 0 }, 'hours'],
    [{ hours: 721 }, 'hours'],
    [{ admin: true }, 'admin'],
  ])('is refused: %j', async (wrong, path) => {
    const body = { name: 'Sari', staff: 'helper', ...wrong };
    const { status, body: answer } = await host(server).call('POST', '/staff', body);
    expect(status).toBe(400);
    expect(answer.error.details.issues[0].path).toBe(path);
  });

  it('is one of at most 50', async () => {
    const owner = host(server);
    for (let n = 0; n < 50; n += 1) await invited(owner);
    const { status, body } = await owner.call('POST', '/staff', { name: 'X', staff: 'helper' });
    expect([status, body.error.code]).toEqual([400, 'VALIDATION']);
  });
});

describe('who is put out', () => {
  it('is out at once on every server, by HTTP and on new sockets, and an unopened link too', async () => {
    const owner = host(server);
    const { code, member } = await invited(owner, { staff: 'owner' });
    const { token } = (await claim(owner, code)).body;
    const socket = await hostSocket(other, owner.shop, token);
    expect((await owner.call('PATCH', '/settings', {}, token)).status).toBe(200);
    for (let n = 0; n < 2; n += 1) {
      expect((await owner.call('DELETE', `/staff/${member.staffId}`)).status).toBe(200);
    }
    const there = host(other, owner.shop);
    expect(await there.call('GET', '/items', undefined, token)).toMatchObject({
      status: 401,
      body: { error: { details: { token: 'was taken back by the owner of the shop' } } },
    });
    await expect(hostSocket(server, owner.shop, token)).rejects.toThrow('UNAUTHENTICATED');
    socket.drop();

    const unopened = await invited(owner);
    await owner.call('DELETE', `/staff/${unopened.member.staffId}`);
    expect((await claim(owner, unopened.code)).status).toBe(401);
  });

  it('has open sockets cut at the next look', async () => {
    const owner = host(server);
    const { code, member } = await invited(owner);
    const { token } = (await claim(owner, code)).body;
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const { socket } = await hostSocket(server, owner.shop, token);
      const left = new Promise((resolve) => socket.once('disconnect', resolve));
      await owner.call('DELETE', `/staff/${member.staffId}`);
      vi.advanceTimersByTime(15_000);
      expect(await left).toBe('io server disconnect');
    } finally {
      vi.useRealTimers();
    }
  });
});
