// A form of the login: what is entered goes out, and what is refused is said beside the field it concerns.

import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Answer, Refusal } from '../client/login.ts';
import { loginWords } from '../words/login-words.ts';

export interface Entries {
  email: string;
  name: string;
  /** The password that he has, where another is taken. */
  current: string;
  password: string;
}

/** Which field a refusal concerns, and what it says there. */
interface Objection {
  field: keyof Entries | null;
  text: string;
}

const Objected = createContext<Objection | null>(null);

interface LoginFormProps {
  /** What the button does. */
  action: string;
  send(entries: Entries): Promise<Answer<unknown>>;
  done(): void;
  children: ComponentChildren;
}

export function LoginForm({ action, send, done, children }: LoginFormProps) {
  const [objection, setObjection] = useState<Objection | null>(null);
  const [sending, setSending] = useState(false);
  const [lockedUntil, setLockedUntil] = useState(0);
  const secondsLeft = useSecondsLeft(lockedUntil);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (sending || secondsLeft > 0) return;
    const form = event.currentTarget as HTMLFormElement;
    const entries = entriesOf(form);
    const wrong = check(form, entries);
    setObjection(wrong);
    if (wrong !== null) {
      form.querySelector<HTMLInputElement>(`input[name=${wrong.field}]`)?.focus();
      return;
    }
    setSending(true);
    const { refusal } = await send(entries);
    if (refusal === null) {
      done();
      return;
    }
    setSending(false);
    if (refusal.code === 'locked' && refusal.retryAfter !== null) setLockedUntil(Date.now() + refusal.retryAfter);
    else setObjection(objectionTo(refusal, form));
  };

  return (
    <form class="login-form" noValidate onSubmit={submit}>
      <Objected.Provider value={objection}>{children}</Objected.Provider>
      <Trouble objection={objection} secondsLeft={secondsLeft} />
      <button type="submit" class="button" disabled={sending || secondsLeft > 0}>
        {action}
      </button>
    </form>
  );
}

/** What concerns no field. The countdown is told once, not with every second. */
function Trouble({ objection, secondsLeft }: { objection: Objection | null; secondsLeft: number }) {
  const said = loginWords.value;
  const locked = secondsLeft > 0;
  const [told, setTold] = useState('');
  useEffect(() => setTold(locked ? said.locked(secondsLeft) : ''), [locked]);
  return (
    <>
      {locked && (
        <p class="login-trouble" aria-hidden="true">
          {said.locked(secondsLeft)}
        </p>
      )}
      <p class={locked ? 'hidden-text' : 'login-trouble'} role="alert">
        {locked ? told : objection?.field === null ? objection.text : ''}
      </p>
    </>
  );
}

function useSecondsLeft(until: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    setNow(Date.now());
    if (until <= Date.now()) return;
    const timer = window.setInterval(() => {
      setNow(Date.now());
      if (Date.now() >= until) window.clearInterval(timer);
    }, 250);
    return () => window.clearInterval(timer);
  }, [until]);
  return Math.max(0, Math.ceil((until - now) / 1_000));
}

function entriesOf(form: HTMLFormElement): Entries {
  const data = new FormData(form);
  const text = (name: string) => String(data.get(name) ?? '');
  return {
    email: text('email').trim(),
    name: text('name').trim(),
    current: text('current'),
    password: text('password'),
  };
}

/** What can be told without asking. */
function check(form: HTMLFormElement, { email, name, password }: Entries): Objection | null {
  const said = loginWords.value;
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) return { field: 'email', text: said.emailRefused };
  if (form.querySelector('input[name=name]') && name === '') return { field: 'name', text: said.nameRefused };
  return form.querySelector('[autocomplete=new-password]') && [...password].length < MIN_PASSWORD_CHARS
    ? { field: 'password', text: said.tooShort }
    : null;
}

/** As the server has it. */
const MIN_PASSWORD_CHARS = 15;

function objectionTo({ code }: Refusal, form: HTMLFormElement): Objection {
  const said = loginWords.value;
  switch (code) {
    case 'wrong_password':
      return form.querySelector('input[name=current]')
        ? { field: 'current', text: said.notCurrent }
        : { field: null, text: said.wrong };
    case 'password_too_short':
      return { field: 'password', text: said.tooShort };
    case 'password_too_long':
      return { field: 'password', text: said.tooLong };
    case 'password_guessable':
      return { field: 'password', text: said.guessable };
    default:
      return { field: null, text: said.notNow };
  }
}

export function EmailField() {
  const { email } = loginWords.value;
  return (
    <Field name="email" label={email}>
      {(described) => (
        <input
          {...described}
          type="email"
          autocomplete="username"
          inputMode="email"
          autocapitalize="none"
          spellcheck={false}
        />
      )}
    </Field>
  );
}

export function NameField() {
  const { name, nameWhy } = loginWords.value;
  return (
    <Field name="name" label={name} why={nameWhy}>
      {(described) => <input {...described} type="text" autocomplete="name" maxLength={100} />}
    </Field>
  );
}

interface PasswordFieldProps {
  kind: 'current' | 'new';
  /** Beside another one: which it is, and what it is called. */
  name?: 'current' | 'password';
  label?: string;
}

export function PasswordField({ kind, name = 'password', label }: PasswordFieldProps) {
  const { password, passwordWhy } = loginWords.value;
  return (
    <Field name={name} label={label ?? password} why={kind === 'new' ? passwordWhy : undefined}>
      {(described) => <input {...described} type="password" autocomplete={`${kind}-password`} />}
    </Field>
  );
}

interface Described {
  id: string;
  name: string;
  class: string;
  'aria-invalid': boolean;
  'aria-describedby': string | undefined;
}

interface FieldProps {
  name: keyof Entries;
  label: string;
  why?: string | undefined;
  children(described: Described): ComponentChildren;
}

function Field({ name, label, why, children }: FieldProps) {
  const objection = useContext(Objected);
  const refused = objection?.field === name;
  const help = refused ? objection.text : why;
  const described = {
    id: name,
    name,
    class: 'field',
    'aria-invalid': refused,
    'aria-describedby': help === undefined ? undefined : `${name}-help`,
  };
  return (
    <div class="login-field">
      <label for={name}>{label}</label>
      {children(described)}
      {help !== undefined && (
        <p
          id={`${name}-help`}
          class={refused ? 'field-help field-refused' : 'field-help'}
          role={refused ? 'alert' : undefined}
        >
          {help}
        </p>
      )}
    </div>
  );
}
