// Whose conversation it is, the server says on every socket. Here the host's session has changed person meanwhile.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AgentClient } from './agent.ts';
import { message, page, type ScriptedSocket, World } from './scripted.ts';
import { VisitorClient } from './visitor.ts';

const ANN = 'ann@example.com';
const BOB = 'bob@example.com';

let world: World;
const other = vi.fn();

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-01-31T10:00:00Z') });
  world = new World();
  other.mockReset();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a visitor', () => {
  let ann: VisitorClient;
  let shown: boolean[];

  const historyOf = (email: string, ...of: ReturnType<typeof message>[]) => ({ type: 'history', email, ...page(of) });

  function arrive(email: string, token?: string): VisitorClient {
    const client = new VisitorClient({
      environment: world.environment,
      url: 'ws://host/ws',
      owner: email,
      email,
      token,
      other,
      // What was kept is told before there is a client.
      changed: () => ann && shown.push(!ann.view().stranger),
    });
    client.start();
    world.socket.open();
    return client;
  }

  beforeEach(() => {
    shown = [];
    ann = arrive(ANN);
  });

  afterEach(() => ann.stop());

  test('sends nothing but who he is until he has been told who he is', () => {
    ann.stop();
    ann = arrive(ANN, 'token');
    expect(world.socket.took()).toEqual([{ type: 'auth', token: 'token' }]);
    ann.conversation.say('mine alone');
    ann.conversation.drafting('half');
    expect(world.socket.took()).toEqual([]);
    world.socket.says(historyOf(ANN));
    expect(world.socket.took1('message').message).toBe('mine alone');
  });

  test('whose session became another’s sends that one nothing, shows nothing, and asks who he is', () => {
    world.socket.says(historyOf(ANN, message(1)));
    world.socket.breaks();
    ann.conversation.say('mine alone');
    vi.advanceTimersToNextTimer();
    const socket = world.socket;
    socket.open();
    shown = [];
    socket.says(historyOf(BOB, message(2, 'admin', { email: BOB, content: 'for Bob' })));
    expect(other).toHaveBeenCalledOnce();
    expect(shown).not.toContain(true);
    expect(socket.closed).toBe(true);
    ann.conversation.say('and this');
    expect(socket.took()).toEqual([]);
    expect(ann.view().conversation.messages.map(({ content }) => content)).toEqual(['text 1']);
  });

  test('from the first socket on', () => {
    ann.conversation.say('mine alone');
    world.socket.says(historyOf(BOB));
    expect(world.socket.took()).toEqual([]);
    expect([ann.view().stranger, other.mock.calls.length]).toEqual([true, 1]);
  });

  test('who is himself again goes on where he was, and meanwhile comes back less and less often', () => {
    world.socket.says(historyOf(ANN));
    ann.conversation.say('mine alone');
    world.socket.took();
    const waits: number[] = [];
    for (let time = 0; time < 6; time += 1) {
      const since = Date.now();
      world.reconnect().says(historyOf(BOB));
      waits.push(Date.now() - since);
    }
    expect(waits[5]).toBeGreaterThan(4_000);
    const socket = world.reconnect();
    socket.says(historyOf(ANN));
    expect(ann.view().stranger).toBe(false);
    expect(socket.took1('message').message).toBe('mine alone');
  });

  test('who is told nothing for long asks, too: he is nobody any more, or an agent', () => {
    vi.advanceTimersByTime(4_999);
    expect(other).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(other).toHaveBeenCalledOnce();
    world.reconnect().says(historyOf(ANN));
    vi.advanceTimersByTime(20_000);
    expect(other).toHaveBeenCalledOnce();
    // A token says it by itself.
    ann.stop();
    ann = arrive(ANN, 'token');
    vi.advanceTimersByTime(5_000);
    expect(other).toHaveBeenCalledOnce();
  });

  test('whom nobody expects is whoever the server says', () => {
    ann.stop();
    ann = new VisitorClient({
      environment: world.environment,
      url: 'ws://host/ws/chat/user/Ann/',
      owner: ANN,
      other,
      changed: () => {},
    });
    ann.start();
    world.socket.open();
    world.socket.says(historyOf(BOB));
    ann.conversation.say('hello');
    expect(world.socket.took1('message').message).toBe('hello');
    expect(other).not.toHaveBeenCalled();
  });
});

describe('an agent', () => {
  let ben: AgentClient;

  function arriving(owner: string, email?: string): AgentClient {
    const { environment } = world;
    const client = new AgentClient({ environment, url: 'ws://host/ws', owner, email, other, changed: () => {} });
    client.start();
    world.socket.open();
    return client;
  }

  beforeEach(() => {
    ben = arriving('ben', 'ben');
  });

  afterEach(() => ben.stop());

  const inboxOf = (socket: ScriptedSocket, agent: string) => {
    const { client_id } = socket.took1('list');
    socket.says({ type: 'list', client_id, rows: [], cursor: null, agent });
  };

  test('sends nothing that changes anything until he has been told whose inbox it is', () => {
    ben.watch(ANN);
    ben.outbox.add(ANN, 'an answer');
    ben.current?.drafting('half');
    const asked = world.socket.took();
    expect(asked.map(({ type }) => type)).toEqual(['list', 'get_conversation']);
    world.socket.says({ type: 'list', client_id: asked[0]?.client_id, rows: [], cursor: null, agent: 'ben' });
    expect(world.socket.took().map(({ type }) => type)).toEqual(['ai', 'message']);
    expect(other).not.toHaveBeenCalled();
  });

  test('whose session became another agent’s, or a visitor’s, sends that one nothing and hears nothing more', () => {
    inboxOf(world.socket, 'ben');
    world.socket.breaks();
    ben.outbox.add(ANN, 'an answer');
    vi.advanceTimersToNextTimer();
    let socket = world.socket;
    socket.open();
    inboxOf(socket, 'eva');
    expect(other).toHaveBeenCalledOnce();
    expect([socket.closed, socket.took()]).toEqual([true, []]);
    socket = world.reconnect();
    socket.took();
    socket.says({ type: 'history', email: BOB, ...page([]) });
    expect(other).toHaveBeenCalledTimes(2);
    expect([socket.closed, socket.took()]).toEqual([true, []]);
  });

  test('who is asked for nothing is whoever the server says', () => {
    ben.stop();
    ben = arriving('x');
    inboxOf(world.socket, 'eva');
    ben.outbox.add(ANN, 'an answer');
    expect(world.socket.took1('message').to).toBe(ANN);
  });
});
