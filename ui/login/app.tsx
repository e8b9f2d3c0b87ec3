// The login's page: sign in, set up the first owner, accept an invitation, or take another password. Each ends at the desk.

import { useEffect, useState } from 'preact/hooks';
import { askLogin } from '../client/login.ts';
import { askSession } from '../client/session.ts';
import { BrandFace } from '../parts/face.tsx';
import { loginWords } from '../words/login-words.ts';
import { type Errand, wayBack } from './errand.ts';
import { EmailField, type Entries, LoginForm, NameField, PasswordField } from './form.tsx';

const fetcher = window.fetch.bind(window);

/** Not by `assign`: back leads to where one came from, not to the login again. */
function goToDesk(): void {
  location.replace(new URL(wayBack(location.hash), document.baseURI));
}

export function App({ errand: first }: { errand: Errand }) {
  const [errand, setErrand] = useState(first);
  const said = loginWords.value;
  const titles = {
    sign_in: said.signIn,
    set_up: said.setUpTitle,
    join: said.joinTitle,
    password: said.changePassword,
  };
  // Before anything is sent: a sign-in that no browser keeps would use up the link that somebody came with.
  const kept = window.isSecureContext;
  const title = kept ? titles[errand.kind] : said.needsTls;
  useEffect(() => {
    document.title = title;
  }, [title]);
  const signIn = () => setErrand({ kind: 'sign_in' });
  if (!kept) {
    return (
      <main class="login">
        <Head title={title} why={said.needsTlsWhy} />
      </main>
    );
  }
  return (
    <main class="login">
      {errand.kind === 'sign_in' && <SignIn title={title} />}
      {errand.kind === 'password' && <ChangePassword title={title} signIn={signIn} />}
      {errand.kind === 'set_up' && <SetUp title={title} token={errand.token} signIn={signIn} />}
      {errand.kind === 'join' && <Join title={title} token={errand.token} signIn={signIn} />}
    </main>
  );
}

function Head({ title, why }: { title: string; why: string }) {
  return (
    <header class="login-head">
      <BrandFace />
      <h1>{title}</h1>
      <p>{why}</p>
    </header>
  );
}

function SignIn({ title }: { title: string }) {
  const said = loginWords.value;
  useEffect(() => {
    // Somebody who is in already has nothing to do here.
    void askSession(fetcher, document.baseURI).then((session) => {
      if (session.kind === 'known' && session.role === 'admin') goToDesk();
    });
  }, []);
  const send = ({ email, password }: Entries) => askLogin(fetcher, document.baseURI, 'api/login', { email, password });
  return (
    <>
      <Head title={title} why={said.forTheTeam} />
      <LoginForm action={said.signIn} send={send} done={goToDesk}>
        <EmailField />
        <PasswordField kind="current" />
      </LoginForm>
    </>
  );
}

interface WithToken {
  title: string;
  token: string;
  signIn(): void;
}

function SetUp({ title, token, signIn }: WithToken) {
  const said = loginWords.value;
  const [isVoid, setVoid] = useState(false);
  if (isVoid) return <Void signIn={signIn} />;
  const send = async ({ email, name, password }: Entries) => {
    const answer = await askLogin(fetcher, document.baseURI, 'api/setup', { token, email, name, password });
    if (answer.refusal?.code === 'setup_void') setVoid(true);
    return answer;
  };
  return (
    <>
      <Head title={title} why={said.setUpWhy} />
      <LoginForm action={said.setUp} send={send} done={goToDesk}>
        <EmailField />
        <NameField />
        <PasswordField kind="new" />
      </LoginForm>
    </>
  );
}

function Join({ title, token, signIn }: WithToken) {
  const said = loginWords.value;
  const [email, setEmail] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const look = async () => {
    setProblem(null);
    const answer = await askLogin<{ email: string }>(fetcher, document.baseURI, 'api/invited', { token });
    if (answer.value) setEmail(answer.value.email);
    else setProblem(answer.refusal.code);
  };
  useEffect(() => void look(), []);

  if (problem === 'invitation_void') return <Void signIn={signIn} />;
  if (problem !== null) {
    return <Standstill title={title} why={said.notNow} action={said.join} act={() => void look()} />;
  }
  if (email === null) return null;
  const send = async ({ name, password }: Entries) => {
    const answer = await askLogin(fetcher, document.baseURI, 'api/join', { token, name, password });
    if (answer.refusal?.code === 'invitation_void') setProblem(answer.refusal.code);
    return answer;
  };
  return (
    <>
      <Head title={title} why={said.joinAs(email)} />
      <LoginForm action={said.join} send={send} done={goToDesk}>
        {/* For the browser, which keeps the password with it. */}
        <input type="hidden" name="email" autocomplete="username" value={email} />
        <NameField />
        <PasswordField kind="new" />
      </LoginForm>
    </>
  );
}

function ChangePassword({ title, signIn }: Omit<WithToken, 'token'>) {
  const said = loginWords.value;
  const [email, setEmail] = useState<string | null>(null);
  useEffect(() => {
    void askSession(fetcher, document.baseURI).then((session) => {
      // Whoever is not in has to come in first.
      if (session.kind === 'known' && session.role === 'admin') setEmail(session.email);
      else signIn();
    });
  }, []);
  if (email === null) return null;
  const send = async ({ current, password }: Entries) => {
    const answer = await askLogin(fetcher, document.baseURI, 'api/password', { current, password });
    if (answer.refusal?.code === 'unauthenticated') signIn();
    return answer;
  };
  return (
    <>
      <Head title={title} why={said.changeWhy} />
      <LoginForm action={said.change} send={send} done={goToDesk}>
        {/* For the browser, which keeps the password with it. */}
        <input type="hidden" name="email" autocomplete="username" value={email} />
        <PasswordField kind="current" name="current" label={said.currentPassword} />
        <PasswordField kind="new" label={said.newPassword} />
      </LoginForm>
      <button type="button" class="button button-quiet" onClick={goToDesk}>
        {said.backToDesk}
      </button>
    </>
  );
}

function Void({ signIn }: { signIn(): void }) {
  const said = loginWords.value;
  return <Standstill title={said.linkVoid} why={said.linkVoidWhy} action={said.toSignIn} act={signIn} />;
}

interface StandstillProps {
  title: string;
  why: string;
  action: string;
  act(): void;
}

/** Nothing can be entered, and one thing can be done. */
function Standstill({ title, why, action, act }: StandstillProps) {
  return (
    <>
      <Head title={title} why={why} />
      <button type="button" class="button button-quiet" onClick={act}>
        {action}
      </button>
    </>
  );
}
