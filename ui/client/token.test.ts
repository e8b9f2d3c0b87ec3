import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { page, World } from './scripted.ts';
import { VisitorClient } from './visitor.ts';

let world: World;
let client: VisitorClient;

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-01-31T10:00:00Z') });
  world = new World();
});

afterEach(() => {
  client.stop();
  vi.useRealTimers();
});

describe('a token', () => {
  test('is the first thing said on every socket, and its end is told', () => {
    const expired = vi.fn();
    client = new VisitorClient({
      environment: world.environment,
      url: 'ws://host/ws',
      owner: 'ann@example.com',
      token: 'abc',
      expired,
      changed: () => {},
    });
    client.start();
    client.conversation.say('hi');
    world.socket.open();
    expect(world.socket.took()).toEqual([{ type: 'auth', token: 'abc' }]);
    world.socket.says({ type: 'history', ...page([]) });
    expect(world.socket.took1('message').message).toBe('hi');
    const again = world.reconnect();
    expect(again.took()).toEqual([{ type: 'auth', token: 'abc' }]);
    expect(expired).not.toHaveBeenCalled();
    again.breaks(4401, 'expired');
    expect(expired).toHaveBeenCalledOnce();
  });

  test('a fresh one is shown on the open socket, on the next ones, and after the last one was refused', () => {
    client = new VisitorClient({
      environment: world.environment,
      url: 'ws://host/ws',
      owner: 'ann@example.com',
      token: 'first',
      changed: () => {},
    });
    client.start();
    const socket = world.socket;
    socket.open();
    socket.says({ type: 'history', ...page([]) });
    socket.took();
    client.renew('second');
    expect([world.socket, socket.took()]).toEqual([socket, [{ type: 'auth', token: 'second' }]]);
    const next = world.reconnect();
    expect(next.took()).toEqual([{ type: 'auth', token: 'second' }]);
    next.breaks(4501, 'unauthenticated');
    expect(client.view().connection.kind).toBe('stopped');
    client.renew('third');
    expect(world.socket).not.toBe(next);
    world.socket.open();
    expect(world.socket.took()).toEqual([{ type: 'auth', token: 'third' }]);
  });
});
