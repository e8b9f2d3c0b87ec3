// What the page of the login says, in French.

import { counting, isolated } from '../forms.ts';
import type { LoginWords } from './en.ts';

const count = counting('fr');

export const login: LoginWords = {
  signIn: 'Se connecter',
  forTheTeam: 'Pour celles et ceux qui répondent aux visiteurs de ce site.',
  email: 'Adresse e-mail',
  password: 'Mot de passe',
  name: 'Nom',
  nameWhy: 'Vos visiteurs et vos collègues le voient.',
  passwordWhy: 'Au moins 15 caractères. Quatre ou cinq mots sans rapport entre eux se retiennent facilement.',
  setUpTitle: 'Installer le bureau',
  setUpWhy: 'Vous en serez le premier propriétaire et pourrez inviter d’autres personnes.',
  setUp: 'Créer le compte',
  joinTitle: 'Rejoindre l’équipe',
  joinAs: (email) => `L’invitation est pour ${isolated(email)}.`,
  join: 'Rejoindre',
  wrong: 'L’adresse ou le mot de passe est incorrect.',
  locked: (seconds) => count(seconds, { other: 'Trop d’essais. Vous pourrez réessayer dans # s.' }),
  tooShort: 'Ce mot de passe a moins de 15 caractères.',
  tooLong: 'Ce mot de passe est trop long.',
  guessable: 'Ce mot de passe est facile à deviner. Prenez d’autres mots.',
  emailRefused: 'Saisissez une adresse e-mail.',
  nameRefused: 'Saisissez un nom de 100 lettres au plus.',
  changePassword: 'Changer de mot de passe',
  changeWhy: 'Vous serez déconnecté de tous les autres navigateurs.',
  currentPassword: 'Mot de passe actuel',
  newPassword: 'Nouveau mot de passe',
  change: 'Changer le mot de passe',
  notCurrent: 'Ce n’est pas votre mot de passe actuel.',
  backToDesk: 'Retour au bureau',
  linkVoid: 'Ce lien ne fonctionne plus',
  linkVoidWhy: 'Il a servi, a été retiré ou est trop ancien. Demandez-en un autre.',
  toSignIn: 'Aller à la connexion',
  notNow: 'Cela n’a pas fonctionné. Réessayez dans un instant.',
  needsTls: 'Cette page a besoin de https',
  needsTlsWhy:
    'Sans https, les navigateurs ne gardent pas la connexion. Ouvrez-la en https ou, sur le serveur lui-même, par 127.0.0.1.',
};
