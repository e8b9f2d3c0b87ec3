import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { backoff, closeAdvice } from './backoff.ts';
import { Connection } from './connection.ts';
import { World } from './scripted.ts';

let world: World;
let connection: Connection;
let events: string[];

beforeEach(() => {
  vi.useFakeTimers();
  world = new World();
  events = [];
  connection = new Connection(world.environment, 'ws://host/ws', {
    opened: () => events.push('opened'),
    lost: () => events.push('lost'),
    frame: (frame) => events.push(frame.type),
    changed: () => {},
  });
});

afterEach(() => {
  connection.stop();
  vi.useRealTimers();
});

describe('waiting', () => {
  test('full jitter: nothing up to a window that doubles, with a cap', () => {
    expect([0, 1, 2, 3].map((attempt) => backoff(attempt, 1))).toEqual([500, 1_000, 2_000, 4_000]);
    expect(backoff(50, 1)).toBe(30_000);
    expect(backoff(50, 0)).toBe(0);
    expect(backoff(3, 0.25)).toBe(1_000);
  });

  test('each failed attempt waits longer; a socket that lived resets the wait', () => {
    connection.start();
    for (const wait of [500, 1_000, 2_000]) {
      world.socket.breaks();
      const before = world.sockets.length;
      vi.advanceTimersByTime(wait - 1);
      expect(world.sockets).toHaveLength(before);
      vi.advanceTimersByTime(1);
      expect(world.sockets).toHaveLength(before + 1);
    }
    world.socket.open();
    vi.advanceTimersByTime(6_000);
    world.socket.breaks();
    vi.advanceTimersByTime(500);
    expect(world.sockets).toHaveLength(5);
  });

  test('a socket that is accepted and closed at once does not reset the wait', () => {
    connection.start();
    world.socket.open();
    world.socket.breaks(4429, 'too_many');
    vi.advanceTimersByTime(500);
    world.socket.open();
    world.socket.breaks(4429, 'too_many');
    vi.advanceTimersByTime(999);
    expect(world.sockets).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(world.sockets).toHaveLength(3);
  });

  test('retry_after_ms is waited for, jitter on top', () => {
    world.chance = 0.5;
    connection.start();
    world.socket.open();
    world.socket.breaks(1012, 'draining;retry_after_ms=1500');
    vi.advanceTimersByTime(1_749);
    expect(world.sockets).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(world.sockets).toHaveLength(2);
  });

  test('waking up cuts the wait short', () => {
    connection.start();
    world.socket.breaks();
    connection.wake();
    expect(world.sockets).toHaveLength(2);
    vi.advanceTimersByTime(1_000);
    expect(world.sockets).toHaveLength(2);
  });
});

describe('close codes', () => {
  test.each([1000, 1001, 1006, 1011, 1012, 1013, 4000, 4401, 4429, 4499])('%i: comes back', (code) => {
    expect(closeAdvice(code, '').kind).toBe('return');
  });

  test.each([
    [4500, ''],
    [4501, 'unauthenticated'],
    [4503, 'forbidden;retry_after_ms=1'],
    [4999, 'x'],
  ])('%i: stays away', (code, reason) => {
    connection.start();
    world.socket.open();
    world.socket.breaks(code, reason);
    vi.advanceTimersByTime(120_000);
    connection.wake();
    expect(world.sockets).toHaveLength(1);
    expect(connection.state).toEqual({ kind: 'stopped', code, name: reason.split(';')[0] || String(code) });
  });

  test.each(['x;retry_after_ms=soon', 'x;retry_after_ms=-5', 'x;other=5', ''])(
    'a reason %o asks for no time',
    (reason) => {
      expect(closeAdvice(4000, reason)).toEqual({ kind: 'return', afterMs: 0 });
    },
  );
});

describe('telling', () => {
  test('a short break is not worth a word, a longer one is', () => {
    connection.start();
    world.socket.open();
    vi.advanceTimersByTime(6_000);
    world.socket.breaks();
    vi.advanceTimersByTime(1_999);
    expect(connection.state).toEqual({ kind: 'connecting', troubled: false });
    vi.advanceTimersByTime(1);
    expect(connection.state).toEqual({ kind: 'connecting', troubled: true });
    world.socket.open();
    vi.advanceTimersByTime(10_000);
    expect(connection.state).toEqual({ kind: 'open' });
    expect(events).toEqual(['opened', 'lost', 'opened']);
  });

  test('a socket that was never open is not lost', () => {
    connection.start();
    world.socket.breaks();
    expect(events).toEqual([]);
    expect(connection.send({ type: 'ping' })).toBe(false);
  });
});

describe('dead sockets', () => {
  test('silence is asked about, and no answer is a break', () => {
    connection.start();
    const socket = world.socket;
    socket.open();
    vi.advanceTimersByTime(30_000);
    expect(socket.took()).toEqual([{ type: 'ping' }]);
    socket.says({ type: 'pong' });
    vi.advanceTimersByTime(30_000);
    expect(socket.took()).toEqual([{ type: 'ping' }]);
    vi.advanceTimersByTime(10_000);
    expect(socket.closed).toBe(true);
    expect(events.at(-1)).toBe('lost');
    vi.advanceTimersByTime(500);
    expect(world.sockets).toHaveLength(2);
  });

  test('what a given-up socket still says is not heard', () => {
    connection.start();
    const socket = world.socket;
    socket.open();
    vi.advanceTimersByTime(40_000);
    const before = events.length;
    socket.says({ type: 'pong' });
    socket.breaks(4501, 'unauthenticated');
    expect(events).toHaveLength(before);
    expect(connection.state.kind).toBe('connecting');
  });

  test('an attempt that hangs is given up', () => {
    connection.start();
    vi.advanceTimersByTime(10_500);
    expect(world.sockets[0]?.closed).toBe(true);
    expect(world.sockets).toHaveLength(2);
  });

  test('waking up asks an open socket whether it lives', () => {
    connection.start();
    world.socket.open();
    connection.wake();
    expect(world.socket.took()).toEqual([{ type: 'ping' }]);
  });
});
