import type { MailTexts } from "../mail-texts.ts";

export const fr: MailTexts = {
  hello: "Bonjour,",
  helloName: "Bonjour {{name}},",
  expiry: "Le lien fonctionne une seule fois, jusqu’au {{expires}}.",
  copy: "Si le bouton ne fonctionne pas, copiez cette adresse dans votre navigateur :",
  footer: "{{product}} envoie ce message à cause de votre compte. Personne ne lit les réponses.",
  someDevice: "Un appareil inconnu",
  mails: {
    verification: {
      subject: "Confirmez votre adresse e-mail pour {{product}}",
      title: "Confirmez votre adresse e-mail",
      text: ["Confirmez que cette adresse est la vôtre. Votre compte sera alors complet."],
      button: "Confirmer l’adresse",
      unasked: "Vous n’avez pas de compte chez {{product}} ? Ignorez ce message.",
    },
    reset: {
      subject: "Choisissez un nouveau mot de passe pour {{product}}",
      title: "Choisissez un nouveau mot de passe",
      text: [
        "Quelqu’un a demandé un nouveau mot de passe pour votre compte.",
        "Dès que vous l’aurez choisi, vous serez déconnecté partout ailleurs.",
      ],
      button: "Choisir un mot de passe",
      unasked: "Ce n’était pas vous ? Ignorez ce message : votre mot de passe ne change pas.",
    },
    "magic-link": {
      subject: "Votre lien pour vous connecter à {{product}}",
      title: "Connectez-vous",
      text: ["Avec ce lien, vous vous connectez sans mot de passe."],
      button: "Se connecter",
      unasked: "Ce n’était pas vous ? Ignorez ce message et ne donnez le lien à personne.",
    },
    "email-change": {
      subject: "Confirmez votre nouvelle adresse e-mail pour {{product}}",
      title: "Confirmez votre nouvelle adresse",
      text: ["Cette adresse doit remplacer celle de votre compte."],
      button: "Utiliser cette adresse",
      unasked: "Ce n’était pas vous ? Ignorez ce message : rien ne change.",
    },
    "email-change-asked": {
      subject: "Quelqu’un veut changer votre adresse e-mail pour {{product}}",
      title: "Une autre adresse pour votre compte ?",
      text: [
        "Une personne connectée à votre compte a demandé une autre adresse : {{when}}.",
        "Si c’était vous, il n’y a rien à faire : rien n’a encore changé.",
        "Un nouveau mot de passe arrête le changement et déconnecte les autres.",
      ],
      button: "Choisir un nouveau mot de passe",
      unasked: "Ce n’était pas vous ? Choisissez tout de suite un nouveau mot de passe.",
    },
    "set-password": {
      subject: "Choisissez votre mot de passe pour {{product}}",
      title: "Choisissez votre mot de passe",
      text: ["Vous avez un compte chez {{product}}. Choisissez un mot de passe pour l’ouvrir."],
      button: "Choisir un mot de passe",
      unasked: "Vous ne savez pas pourquoi vous recevez ce message ? Ignorez-le.",
    },
    "account-exists": {
      subject: "Vous avez déjà un compte chez {{product}}",
      title: "Vous avez déjà un compte",
      text: [
        "Quelqu’un a voulu créer un compte avec cette adresse, qui en a déjà un.",
        "Si c’était vous, connectez-vous. Un mot de passe oublié se remplace au même endroit.",
      ],
      button: "Se connecter",
      unasked: "Ce n’était pas vous ? Il n’y a rien à faire : votre compte n’a pas changé.",
    },
    invitation: {
      subject: "Vous êtes invité chez {{product}}",
      title: "Vous êtes invité",
      text: ["Quelqu’un de {{product}} vous invite à créer un compte."],
      button: "Accepter l’invitation",
      unasked: "Vous n’attendiez pas d’invitation ? Ignorez ce message.",
    },
    "email-replaced": {
      subject: "Votre adresse e-mail pour {{product}} a été remplacée",
      title: "Votre adresse a été remplacée",
      text: [
        "Depuis le {{when}}, votre compte a une autre adresse e-mail. Celle-ci ne l’ouvre plus.",
      ],
      button: "Aller chez {{product}}",
      unasked: "Ce n’était pas vous ? Prévenez tout de suite les responsables de {{product}}.",
    },
    "password-replaced": {
      subject: "Votre mot de passe pour {{product}} a été remplacé",
      title: "Votre mot de passe a été remplacé",
      text: [
        "Votre compte a un nouveau mot de passe depuis le {{when}}.",
        "Vous êtes déconnecté partout ailleurs.",
      ],
      button: "Voir votre compte",
      unasked: "Ce n’était pas vous ? Choisissez tout de suite un nouveau mot de passe.",
    },
    "password-removed": {
      subject: "Votre mot de passe pour {{product}} a été supprimé",
      title: "Votre mot de passe a été supprimé",
      text: [
        "Un mot de passe avait été choisi avant que cette adresse soit confirmée.",
        "Il est supprimé par sécurité : quelqu’un d’autre a pu le choisir.",
      ],
      button: "Choisir un mot de passe",
      unasked: "Vous n’avez pas confirmé l’adresse ? Prévenez les responsables de {{product}}.",
    },
    "new-device": {
      subject: "Un nouvel appareil s’est connecté à {{product}}",
      title: "Un nouvel appareil s’est connecté",
      text: ["{{device}} s’est connecté à votre compte : {{when}}."],
      button: "Voir vos sessions",
      unasked: "Ce n’était pas vous ? Fermez cette session et changez de mot de passe.",
    },
    "architect-appointed": {
      subject: "{{product}} a un nouvel architecte",
      title: "Il y a un nouvel architecte",
      text: ["{{who}} est devenu architecte par la ligne de commande du serveur : {{when}}."],
      button: "Voir les architectes",
      unasked: "Vous n’en savez rien ? Demandez qui a accès au serveur.",
    },
    test: {
      subject: "{{product}} peut envoyer des messages",
      title: "Les messages partent",
      text: ["Ceci est un essai. Qui le lit sait que {{product}} peut envoyer des messages."],
      button: "Aller chez {{product}}",
      unasked: "Vous n’avez rien demandé ? Quelqu’un l’a fait avec une session de votre compte.",
    },
  },
};
