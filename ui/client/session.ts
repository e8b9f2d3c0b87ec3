// Who is at the screen, asked from the host before connecting, and where the sockets are. All addresses are relative to
// the page, because the host may mount us under a prefix.

import { number, text } from './decode.ts';

export type Session =
  /** Development: the path says who one is. */
  | { kind: 'path' }
  /** Nobody yet; the server makes a visitor of its own for who opens the chat. */
  | { kind: 'anonymous'; login?: unknown }
  | {
      kind: 'known';
      role: 'user' | 'admin';
      email: string;
      /** What is kept in the browser for him: the same email in another workspace is somebody else. */
      owner: string;
      name: string | null;
      /** What an agent may do besides answering, as the server says it. */
      agentRole?: unknown;
      /** Signed in with the server's own login. */
      ownLogin?: unknown;
      /** What the server knew him by, if not by cookies. */
      token?: string | undefined;
      /** In milliseconds from the answer; null: nobody has said. */
      expiresIn: number | null;
    }
  /** `login`: where one signs in, if that is ours. */
  | { kind: 'signed_out'; login?: unknown }
  | { kind: 'unreachable' };

/** `token`: what the visitor is known by instead of cookies. */
export async function askSession(fetcher: typeof fetch, base: string, token?: string): Promise<Session> {
  try {
    const response = await fetcher(new URL('api/session', base), {
      headers: token ? { authorization: `Bearer ${token}` } : {},
      cache: 'no-store',
    });
    if (response.status === 401) {
      const said = await response.json().catch(() => null);
      return { kind: 'signed_out', login: said?.login };
    }
    if (!response.ok) return { kind: 'unreachable' };
    return readSession(await response.json(), token);
  } catch {
    return { kind: 'unreachable' };
  }
}

function readSession(value: unknown, token?: string): Session {
  // What is no object at all throws here, which is no answer either.
  const { mode, role, workspace, agent_role, own_login, login, email, name, expires_in_ms } = value as Record<
    string,
    unknown
  >;
  if (mode === 'path' || mode === 'anonymous') return { kind: mode, login };
  if (mode !== 'session' || (role !== 'user' && role !== 'admin')) return { kind: 'unreachable' };
  const address = text(email) ?? '';
  return {
    kind: 'known',
    role,
    email: address,
    // Neither has a line break.
    owner: `${workspace}\n${address}`,
    name: text(name) || null,
    agentRole: agent_role,
    ownLogin: own_login,
    token,
    expiresIn: number(expires_in_ms) ?? null,
  };
}

/** `path` is relative, such as `ws`. */
export function socketUrl(base: string, path: string): string {
  const url = new URL(path, base);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.hash = '';
  return url.href;
}

export function pathFor(role: 'user' | 'admin', email: string): string {
  return `ws/chat/${role}/${encodeURIComponent(email)}/`;
}
