import type { MailTexts } from "../mail-texts.ts";

export const de: MailTexts = {
  hello: "Guten Tag,",
  helloName: "Guten Tag {{name}},",
  expiry: "Der Link gilt einmal, bis {{expires}}.",
  copy: "Wenn die Schaltfläche nicht geht, kopieren Sie diese Adresse in Ihren Browser:",
  footer: "{{product}} schickt diese Nachricht wegen Ihres Kontos. Antworten liest niemand.",
  someDevice: "Ein unbekanntes Gerät",
  mails: {
    verification: {
      subject: "Bestätigen Sie Ihre E-Mail-Adresse für {{product}}",
      title: "Bestätigen Sie Ihre Adresse",
      text: ["Bitte bestätigen Sie, dass diese Adresse Ihre ist. Dann ist Ihr Konto vollständig."],
      button: "Adresse bestätigen",
      unasked:
        "Sie haben kein Konto bei {{product}}? Dann geschieht nichts: Sie müssen nichts tun.",
    },
    reset: {
      subject: "Wählen Sie ein neues Passwort für {{product}}",
      title: "Neues Passwort wählen",
      text: [
        "Jemand hat für Ihr Konto ein neues Passwort verlangt.",
        "Sobald Sie eines gewählt haben, sind Sie überall sonst abgemeldet.",
      ],
      button: "Neues Passwort wählen",
      unasked: "Das waren nicht Sie? Dann tun Sie nichts: Ihr Passwort bleibt, wie es ist.",
    },
    "magic-link": {
      subject: "Ihr Link zum Anmelden bei {{product}}",
      title: "Anmelden",
      text: ["Mit diesem Link melden Sie sich ohne Passwort an."],
      button: "Anmelden",
      unasked: "Das waren nicht Sie? Dann tun Sie nichts und geben Sie den Link niemandem.",
    },
    "email-change": {
      subject: "Bestätigen Sie Ihre neue E-Mail-Adresse für {{product}}",
      title: "Neue Adresse bestätigen",
      text: ["Diese Adresse soll die bisherige Ihres Kontos ersetzen."],
      button: "Diese Adresse verwenden",
      unasked: "Das waren nicht Sie? Dann tun Sie nichts: Es ändert sich nichts.",
    },
    "email-change-asked": {
      subject: "Jemand will Ihre E-Mail-Adresse für {{product}} ändern",
      title: "Eine andere Adresse für Ihr Konto?",
      text: [
        "Jemand, der bei Ihrem Konto angemeldet ist, will eine andere Adresse: {{when}}.",
        "Waren Sie es, ist nichts zu tun: Noch hat sich nichts geändert.",
        "Ein neues Passwort stoppt die Änderung und meldet alle anderen ab.",
      ],
      button: "Neues Passwort wählen",
      unasked: "Das waren nicht Sie? Dann wählen Sie sofort ein neues Passwort.",
    },
    "set-password": {
      subject: "Wählen Sie Ihr Passwort für {{product}}",
      title: "Passwort wählen",
      text: ["Sie haben ein Konto bei {{product}}. Wählen Sie ein Passwort, um sich anzumelden."],
      button: "Passwort wählen",
      unasked: "Sie wissen nicht, warum Sie diese Nachricht bekommen? Dann tun Sie nichts.",
    },
    "account-exists": {
      subject: "Sie haben schon ein Konto bei {{product}}",
      title: "Sie haben schon ein Konto",
      text: [
        "Jemand wollte mit dieser Adresse ein Konto anlegen, doch es gibt schon eines.",
        "Waren Sie es, so melden Sie sich einfach an. Ein vergessenes Passwort ersetzen Sie dort.",
      ],
      button: "Anmelden",
      unasked: "Das waren nicht Sie? Dann ist nichts zu tun: Ihr Konto ist, wie es war.",
    },
    invitation: {
      subject: "Sie sind zu {{product}} eingeladen",
      title: "Sie sind eingeladen",
      text: ["Jemand bei {{product}} lädt Sie ein, ein Konto anzulegen."],
      button: "Einladung annehmen",
      unasked: "Sie haben keine Einladung erwartet? Dann tun Sie nichts.",
    },
    "email-replaced": {
      subject: "Ihre E-Mail-Adresse für {{product}} wurde ersetzt",
      title: "Ihre Adresse wurde ersetzt",
      text: ["Seit {{when}} hat Ihr Konto eine andere E-Mail-Adresse. Diese öffnet es nicht mehr."],
      button: "Zu {{product}}",
      unasked: "Das waren nicht Sie? Dann wenden Sie sich sofort an die Betreiber von {{product}}.",
    },
    "password-replaced": {
      subject: "Ihr Passwort für {{product}} wurde ersetzt",
      title: "Ihr Passwort wurde ersetzt",
      text: ["Seit {{when}} hat Ihr Konto ein neues Passwort. Sie sind überall sonst abgemeldet."],
      button: "Konto ansehen",
      unasked: "Das waren nicht Sie? Dann wählen Sie sofort ein neues Passwort.",
    },
    "password-removed": {
      subject: "Ihr Passwort für {{product}} wurde entfernt",
      title: "Ihr Passwort wurde entfernt",
      text: [
        "Ein Passwort war gewählt, bevor jemand diese Adresse bestätigt hatte.",
        "Jetzt ist sie bestätigt, und das Passwort ist weg: Es konnte von jemand anderem sein.",
      ],
      button: "Passwort festlegen",
      unasked:
        "Sie haben die Adresse nicht bestätigt? Sagen Sie es denen, die {{product}} betreiben.",
    },
    "new-device": {
      subject: "Ein neues Gerät hat sich bei {{product}} angemeldet",
      title: "Ein neues Gerät",
      text: ["{{device}} hat sich bei Ihrem Konto angemeldet: {{when}}."],
      button: "Sitzungen ansehen",
      unasked: "Das waren nicht Sie? Dann beenden Sie die Sitzung und wählen ein neues Passwort.",
    },
    "architect-appointed": {
      subject: "{{product}} hat einen neuen Architekten",
      title: "Es gibt einen neuen Architekten",
      text: ["{{who}} wurde auf der Kommandozeile des Servers zum Architekten: {{when}}."],
      button: "Architekten ansehen",
      unasked: "Sie wissen nichts davon? Dann fragen Sie, wer Zugang zum Server hat.",
    },
    test: {
      subject: "{{product}} kann Mail senden",
      title: "Mail funktioniert",
      text: ["Dies ist ein Versuch. Wer das liest, weiß, dass {{product}} Mail senden kann."],
      button: "Zu {{product}}",
      unasked: "Sie haben das nicht verlangt? Dann war es jemand mit einer Sitzung Ihres Kontos.",
    },
  },
};
