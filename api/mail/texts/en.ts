import type { MailTexts } from "../mail-texts.ts";

export const en: MailTexts = {
  hello: "Hello,",
  helloName: "Hello {{name}},",
  expiry: "The link works once, until {{expires}}.",
  copy: "If the button does not work, copy this address into your browser:",
  footer: "{{product}} sends this message because of your account. Nobody reads replies to it.",
  someDevice: "an unknown device",
  mails: {
    verification: {
      subject: "Confirm your e-mail address for {{product}}",
      title: "Confirm your e-mail address",
      text: ["Please confirm that this address is yours. Then your account is complete."],
      button: "Confirm address",
      unasked: "You have no account with {{product}}? Then ignore this message: nothing happens.",
    },
    reset: {
      subject: "Choose a new password for {{product}}",
      title: "Choose a new password",
      text: [
        "Somebody asked for a new password for your account.",
        "Once you have chosen one, you are signed out everywhere else.",
      ],
      button: "Choose a new password",
      unasked: "It was not you? Then ignore this message: your password stays as it is.",
    },
    "magic-link": {
      subject: "Your link to sign in to {{product}}",
      title: "Sign in",
      text: ["With this link you sign in without a password."],
      button: "Sign in",
      unasked: "It was not you? Then ignore this message, and give the link to nobody.",
    },
    "email-change": {
      subject: "Confirm your new e-mail address for {{product}}",
      title: "Confirm your new address",
      text: ["This address is to replace the one that your account has so far."],
      button: "Use this address",
      unasked: "It was not you? Then ignore this message: nothing changes.",
    },
    "email-change-asked": {
      subject: "Somebody wants to change your e-mail address for {{product}}",
      title: "Is another address to be yours?",
      text: [
        "Somebody signed in to your account asked for another e-mail address: {{when}}.",
        "If it was you, there is nothing to do: nothing has changed yet.",
        "A new password stops the change and signs everybody else out.",
      ],
      button: "Choose a new password",
      unasked: "It was not you? Then choose a new password at once.",
    },
    "set-password": {
      subject: "Choose your password for {{product}}",
      title: "Choose your password",
      text: ["You have an account with {{product}}. Choose a password to sign in with."],
      button: "Choose a password",
      unasked: "You do not know why you get this message? Then ignore it.",
    },
    "account-exists": {
      subject: "You already have an account with {{product}}",
      title: "You already have an account",
      text: [
        "Somebody tried to make an account with this address, which has one already.",
        "If it was you, simply sign in; there you can also replace a password you forgot.",
      ],
      button: "Sign in",
      unasked: "It was not you? Then there is nothing to do: your account is as it was.",
    },
    invitation: {
      subject: "You are invited to {{product}}",
      title: "You are invited",
      text: ["Somebody at {{product}} invites you to make an account."],
      button: "Accept the invitation",
      unasked: "You expected no invitation? Then ignore this message.",
    },
    "email-replaced": {
      subject: "Your e-mail address for {{product}} was replaced",
      title: "Your address was replaced",
      text: [
        "Since {{when}} your account has another e-mail address. This one opens it no longer.",
      ],
      button: "Go to {{product}}",
      unasked: "It was not you? Then tell the people who run {{product}} at once.",
    },
    "password-replaced": {
      subject: "Your password for {{product}} was replaced",
      title: "Your password was replaced",
      text: ["Your account has a new password since {{when}}. You are signed out everywhere else."],
      button: "Look at your account",
      unasked: "It was not you? Then choose a new password at once.",
    },
    "password-removed": {
      subject: "Your password for {{product}} was removed",
      title: "Your password was removed",
      text: [
        "A password was set before anybody had confirmed this address.",
        "Now it is confirmed, and that password is gone for safety: it may have been a stranger's.",
      ],
      button: "Set a password",
      unasked:
        "It was not you who confirmed the address? Then tell the people who run {{product}}.",
    },
    "new-device": {
      subject: "A new device signed in to {{product}}",
      title: "A new device signed in",
      text: ["{{device}} signed in to your account: {{when}}."],
      button: "Look at your sessions",
      unasked: "It was not you? Then end that session and choose a new password.",
    },
    "architect-appointed": {
      subject: "{{product}} has a new architect",
      title: "There is a new architect",
      text: ["{{who}} was made an architect on the server's command line: {{when}}."],
      button: "Look at the architects",
      unasked: "You know nothing of it? Then ask who has access to the server.",
    },
    test: {
      subject: "{{product}} can send mail",
      title: "Mail works",
      text: ["This is a test. Whoever reads it knows that {{product}} can send mail."],
      button: "Go to {{product}}",
      unasked: "You did not ask for this test? Somebody did with a session of your account.",
    },
  },
};
