// What the page of the login says, in German.

import { counting, isolated } from '../forms.ts';
import type { LoginWords } from './en.ts';

const count = counting('de');

export const login: LoginWords = {
  signIn: 'Anmelden',
  forTheTeam: 'Für alle, die den Besuchern dieser Seite antworten.',
  email: 'E-Mail-Adresse',
  password: 'Passwort',
  name: 'Ihr Name',
  nameWhy: 'Besucher und Kollegen sehen ihn.',
  passwordWhy: 'Mindestens 15 Zeichen. Vier oder fünf Wörter, die nicht zusammengehören, merkt man sich leicht.',
  setUpTitle: 'Den Arbeitsplatz einrichten',
  setUpWhy: 'Sie werden der erste Inhaber und können andere einladen.',
  setUp: 'Konto anlegen',
  joinTitle: 'Dem Team beitreten',
  joinAs: (email) => `Die Einladung ist für ${isolated(email)}.`,
  join: 'Beitreten',
  wrong: 'E-Mail-Adresse oder Passwort stimmt nicht.',
  locked: (seconds) => count(seconds, { other: 'Zu viele Versuche. Der nächste ist in # s möglich.' }),
  tooShort: 'Dieses Passwort hat weniger als 15 Zeichen.',
  tooLong: 'Dieses Passwort ist zu lang.',
  guessable: 'Dieses Passwort ist leicht zu erraten. Nehmen Sie andere Wörter.',
  emailRefused: 'Geben Sie eine E-Mail-Adresse ein.',
  nameRefused: 'Geben Sie einen Namen mit höchstens 100 Buchstaben ein.',
  changePassword: 'Passwort ändern',
  changeWhy: 'In allen anderen Browsern werden Sie abgemeldet.',
  currentPassword: 'Bisheriges Passwort',
  newPassword: 'Neues Passwort',
  change: 'Passwort ändern',
  notCurrent: 'Das ist nicht Ihr bisheriges Passwort.',
  backToDesk: 'Zurück zum Arbeitsplatz',
  linkVoid: 'Dieser Link gilt nicht mehr',
  linkVoidWhy: 'Er wurde benutzt oder zurückgezogen oder ist zu alt. Bitten Sie um einen neuen.',
  toSignIn: 'Zur Anmeldung',
  notNow: 'Das ging gerade nicht. Versuchen Sie es gleich noch einmal.',
  needsTls: 'Diese Seite braucht https',
  needsTlsWhy:
    'Ohne https behalten Browser keine Anmeldung. Öffnen Sie die Seite über https, oder auf dem Server selbst über 127.0.0.1.',
};
