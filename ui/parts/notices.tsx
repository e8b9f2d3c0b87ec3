// The quiet line about the connection, and the pages that stand in place of the chat.

import type { ComponentChildren } from 'preact';
import type { ConnectionState } from '../client/connection.ts';
import { shared as words } from '../words/index.ts';
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

/** `connected`: it has been open before; `appeals`: what a banned visitor is told. */
export function ConnectionNotice(props: {
  connection: ConnectionState;
  connected: boolean;
  appeals?: string | undefined;
}) {
  const { connection, connected, appeals } = props;
  return (
    <div class="notice" role="status">
      {connection.kind === 'connecting' && connection.troubled && (
        <NoticeLine>
          <span class="notice-dot" aria-hidden="true" />
          {!online.value ? words.value.offline : connected ? words.value.reconnecting : words.value.connecting}
        </NoticeLine>
      )}
      {connection.kind === 'stopped' && (
        <NoticeLine>
          {connection.name === 'banned'
            ? `${words.value.barred} ${appeals ?? words.value.appeal}`
            : stopText(connection.name)}
          <button type="button" class="text-button" onClick={() => location.reload()}>
            {words.value.reload}
          </button>
        </NoticeLine>
      )}
    </div>
  );
}

function stopText(name: string): string {
  switch (name) {
    case 'unauthenticated':
      return words.value.signInAgain;
    case 'forbidden':
      return words.value.noAccess;
    default:
      return words.value.serverClosed(name.replaceAll('_', ' '));
  }
}

export function SignedOut() {
  return (
    <Place icon="lock" title={words.value.pleaseSignIn}>
      <p>{words.value.signInHere}</p>
      <button type="button" class="button button-quiet" onClick={() => location.reload()}>
        {words.value.haveSignedIn}
      </button>
    </Place>
  );
}

export function Unreachable() {
  return (
    <Place icon="unplug" title={words.value.noAnswer}>
      <p role="status">{words.value.tryingAgain}</p>
    </Place>
  );
}
