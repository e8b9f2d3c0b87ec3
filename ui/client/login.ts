// What the page of the login and the desk ask of the server's own login: a question, and an answer or a refusal.

/** Why not: the server's word for it, or `unreachable`. */
export interface Refusal {
  code: string;
  /** In milliseconds, if waiting helps. */
  retryAfter: number | null;
}

export type Answer<T> = { value: T; refusal: null } | { value: null; refusal: Refusal };

export type Role = 'agent' | 'supervisor' | 'owner';

export interface Colleague {
  email: string;
  name: string;
  agent_role: Role;
  you?: boolean;
}

export interface OpenInvitation {
  email: string;
  agent_role: Role;
}

export interface Team {
  agents: Colleague[];
  invitations: OpenInvitation[];
}

/** `path` is relative to `base`. With a body it is a `POST`. */
export async function askLogin<T>(
  fetcher: typeof fetch,
  base: string,
  path: string,
  body?: object,
): Promise<Answer<T>> {
  const refused = (code: string, retryAfter: number | null = null): Answer<T> => ({
    value: null,
    refusal: { code, retryAfter },
  });
  try {
    const asked = body && {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    };
    const response = await fetcher(new URL(path, base), { cache: 'no-store', ...asked });
    if (response.status === 204) return { value: {} as T, refusal: null };
    const said: unknown = await response.json();
    if (response.ok) return { value: said as T, refusal: null };
    const { code, retry_after_ms } = (said ?? {}) as Record<string, unknown>;
    return refused(
      typeof code === 'string' ? code : 'unreachable',
      typeof retry_after_ms === 'number' ? retry_after_ms : null,
    );
  } catch {
    return refused('unreachable');
  }
}
