// The promise as a property: whatever breaks, and whenever, in the end the client shows what the server holds, in its
// order, without loss and without doubles. A small model of the server stands at the other end.

import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { Message } from './frames.ts';
import { message, page, type ScriptedSocket, World } from './scripted.ts';
import { VisitorClient } from './visitor.ts';

type Frame = Record<string, unknown>;

/** Small, so that gaps of several pages are common. */
const PAGE = 3;

class ModelServer {
  /** Includes events that a visitor may not see; they have no message. */
  log: (Message | null)[] = [];
  epoch = 0;
  #socket: ScriptedSocket | null = null;
  #incoming: Frame[] = [];
  #outgoing: Frame[] = [];

  get visible(): Message[] {
    return this.log.filter((event) => event !== null);
  }

  accept(socket: ScriptedSocket): void {
    this.#socket = socket;
    this.#incoming = [];
    this.#outgoing = [];
    socket.open();
    this.#outgoing.push({ type: 'history', ...this.#latest() });
  }

  append(sender: 'user' | 'admin', content: string, client_id?: string): Message {
    const stored = message(this.log.length + 1, sender, { content, client_id });
    this.log.push(stored);
    this.#outgoing.push({ type: 'message', message: stored });
    return stored;
  }

  /** Takes in one frame of the client. `ackFirst`: both orders are allowed. */
  serve(ackFirst: boolean): boolean {
    this.#incoming.push(...(this.#socket?.took() ?? []));
    const frame = this.#incoming.shift();
    if (frame === undefined) return false;
    if (frame.type === 'message') this.#store(String(frame.message), String(frame.client_id), ackFirst);
    if (frame.type === 'get_conversation') this.#outgoing.push(this.#after(frame));
    return true;
  }

  deliver(): boolean {
    const frame = this.#outgoing.shift();
    if (frame === undefined) return false;
    this.#socket?.says(frame);
    return true;
  }

  #store(content: string, client_id: string, ackFirst: boolean): void {
    const known = this.visible.find((stored) => stored.client_id === client_id);
    const { id, seq, timestamp } = known ?? this.append('user', content, client_id);
    const ack = { type: 'ack', client_id, id, seq, timestamp };
    const own = known === undefined && ackFirst ? this.#outgoing.pop() : undefined;
    this.#outgoing.push(ack);
    if (own !== undefined) this.#outgoing.push(own);
  }

  #latest(): Frame {
    const shown = this.visible.slice(-PAGE);
    const more = this.visible.length > shown.length;
    const first_seq = more ? (shown[0]?.seq ?? 1) : 1;
    return page(shown, { first_seq, last_seq: this.log.length, epoch: this.epoch, has_more: more });
  }

  #after(frame: Frame): Frame {
    const { client_id } = frame;
    const after = Number(frame.after);
    const answer = { type: 'conversation', email: '', client_id };
    if (frame.epoch !== this.epoch || after > this.log.length)
      return { ...answer, ...this.#latest(), recovered: false };
    const rest = this.visible.filter(({ seq }) => seq > after);
    const shown = rest.slice(0, PAGE);
    const has_more = rest.length > shown.length;
    const last_seq = has_more ? shown.at(-1)?.seq : this.log.length;
    const bounds = { first_seq: after + 1, last_seq, epoch: this.epoch, has_more };
    return { ...answer, ...page(shown, bounds), recovered: true };
  }
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.constant('deliver' as const) },
  { weight: 3, arbitrary: fc.constantFrom('serve' as const, 'serve ack first' as const) },
  { weight: 3, arbitrary: fc.constant('answer' as const) },
  { weight: 2, arbitrary: fc.constant('say' as const) },
  { weight: 1, arbitrary: fc.constant('hidden event' as const) },
  { weight: 2, arbitrary: fc.constant('break' as const) },
  { weight: 1, arbitrary: fc.constant('busy break' as const) },
  { weight: 1, arbitrary: fc.constant('restore' as const) },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function play(steps: readonly Step[]): void {
  const world = new World();
  const server = new ModelServer();
  const client = new VisitorClient({ environment: world.environment, url: '', owner: 'ann', changed: () => {} });
  const said: string[] = [];
  client.start();
  server.accept(world.socket);

  const comeBack = () => {
    world.socket.breaks();
    const before = world.sockets.length;
    while (world.sockets.length === before) vi.advanceTimersToNextTimer();
    server.accept(world.socket);
  };
  for (const [n, what] of steps.entries()) {
    if (what === 'deliver') server.deliver();
    else if (what === 'serve' || what === 'serve ack first') server.serve(what === 'serve ack first');
    else if (what === 'answer') server.append('admin', `answer ${n}`);
    else if (what === 'hidden event') server.log.push(null);
    else if (what === 'break') comeBack();
    else if (what === 'say') {
      said.push(`said ${n}`);
      client.conversation.say(`said ${n}`);
    } else if (what === 'busy break') {
      world.socket.breaks();
      for (let m = 0; m < 2 * PAGE + 1; m += 1) server.append('admin', `meanwhile ${n}.${m}`);
      while (world.socket.onclose === null) vi.advanceTimersToNextTimer();
      server.accept(world.socket);
    } else {
      // An older backup: what came later never was.
      server.log = server.log.slice(0, Math.floor(server.log.length / 2));
      server.epoch += 1;
      comeBack();
    }
  }
  while (server.serve(false) || server.deliver());

  const shown = client.view().conversation.messages;
  const from = shown[0]?.seq ?? 1;
  expect(shown.map(({ seq, content }) => [seq, content])).toEqual(
    server.visible.filter(({ seq }) => seq >= from).map(({ seq, content }) => [seq, content]),
  );
  expect(client.view().conversation.pending).toEqual([]);
  const stored = server.visible.map(({ content }) => content).filter((content) => content.startsWith('said'));
  // What a restored backup has lost is lost; all else is there once, in the order it was said.
  expect(stored).toEqual(said.filter((content) => stored.includes(content)));
  if (!steps.includes('restore')) {
    expect(stored).toEqual(said);
    expect(client.view().conversation.hasOlder || from === (server.visible[0]?.seq ?? 1)).toBe(true);
  }
  client.stop();
}

test('no loss, no doubles, whatever breaks', () => {
  vi.useFakeTimers();
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => play(steps)),
    {
      numRuns: 400,
      // The ack of a message that the latest page begins after.
      examples: [[['say', 'deliver', 'serve', 'answer', 'busy break', 'answer', 'restore']]],
    },
  );
  vi.useRealTimers();
});
