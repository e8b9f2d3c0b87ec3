// The quiet line about the connection, and the pages that stand in place of the chat.

import type { ComponentChildren } from 'preact';
import type { ConnectionState } from '../client/connection.ts';
import { online } from './attention.ts';
import { Icon, type IconName } from './icons.tsx';

export function Place({ icon, title, children }: { icon: IconName; title: string; children?: ComponentChildren }) {
  return (
    <div class="place">
      <span class="place-mark">
        <Icon name={icon} />
      </span>
      <h2>{title}</h2>
      {children}
    </div>
  );
}

function NoticeLine({ children }: { children: ComponentChildren }) {
  return <div class="notice-line">{children}</div>;
}

/** `connected`: it has been open before. */
export function ConnectionNotice({ connection, connected }: { connection: ConnectionState; connected: boolean }) {
  return (
    <div class="notice" role="status">
      {connection.kind === 'connecting' && connection.troubled && (
        <NoticeLine>
          <span class="notice-dot" aria-hidden="true" />
          {!online.value
            ? 'You are offline. Messages go out when you are back.'
            : connected
              ? 'Reconnecting…'
              : 'Connecting…'}
        </NoticeLine>
      )}
      {connection.kind === 'stopped' && (
        <NoticeLine>
          {stopText(connection.name)}
          <button type="button" class="text-button" onClick={() => location.reload()}>
            Reload
          </button>
        </NoticeLine>
      )}
    </div>
  );
}

function stopText(name: string): string {
  switch (name) {
    case 'unauthenticated':
      return 'Please sign in again.';
    case 'forbidden':
      return 'You have no access to this chat.';
    default:
      return `The server closed the chat (${name.replaceAll('_', ' ')}).`;
  }
}

export function SignedOut() {
  return (
    <Place icon="lock" title="Please sign in">
      <p>Sign in to this site, then come back to this page.</p>
      <button type="button" class="button button-quiet" onClick={() => location.reload()}>
        I have signed in
      </button>
    </Place>
  );
}

export function Unreachable() {
  return (
    <Place icon="unplug" title="The server does not answer">
      <p role="status">Trying again by itself. There is nothing you need to do.</p>
    </Place>
  );
}
