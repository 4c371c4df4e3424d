"""How mail programs in thirteen languages introduce what they quote; dates are invented."""

from __future__ import annotations

from dataclasses import dataclass

WHO = "Class 3B"
ADDRESS = "3b@class.oakfield.example"
TEACHER = "Miss Khan <khan@oakfield.example>"


@dataclass(frozen=True, slots=True)
class Language:
    """The words of one language. `wrote` are attribution lines, as different programs write them.

    `labels` are From, Sent, To, Subject; `original` stands between dashes; `footers` are what
    telephones and programs add; `secret` is a host's paragraph; `answers` are a teacher's own.
    """

    code: str
    wrote: tuple[str, ...]
    labels: tuple[str, str, str, str]
    date: str
    original: str
    footers: tuple[str, ...]
    secret: str
    greeting: str = "Kind regards"
    answers: tuple[str, ...] = ()


_W = f"{WHO} <{ADDRESS}>"
LANGUAGES = (
    Language(
        "en",
        (f"On Tue, 24 Nov 2026 at 15:31, {_W} wrote:",
         f"On 24 Nov 2026, at 15:31, {_W} wrote:",
         f"On 24/11/2026 15:31, {WHO} wrote:",
         f"On Tuesday, 24 November 2026 at 15:31:07 GMT, {_W} wrote:",
         f"On Tue, Nov 24, 2026 at 3:31 PM {_W} wrote:"),
        ("From", "Sent", "To", "Subject"), "24 November 2026 15:31", "Original message",
        ("Sent from my iPhone", "Get Outlook for iOS<https://aka.example/o0ukef>",
         "Get Outlook for Android<https://aka.example/AAb9ysg>", "Sent from Outlook for Android",
         "Sent from my Galaxy", "Sent from Yahoo Mail for iPhone", "Sent from Mail for Windows"),
        "This email and any attachments are confidential and intended solely for the recipient. "
        "If you have received this message in error, please delete it and tell the sender.",
    ),
    Language(
        "de",
        (f"Am Di., 24. Nov. 2026 um 15:31 Uhr schrieb {_W}:",
         f"Am 24.11.2026 um 15:31 schrieb {_W}:",
         f"Am Dienstag, 24. November 2026 um 15:31:07 MEZ hat {_W} Folgendes geschrieben:"),
        ("Von", "Gesendet", "An", "Betreff"), "Dienstag, 24. November 2026 15:31",
        "Ursprüngliche Nachricht",
        ("Von meinem iPhone gesendet", "Outlook für Android beziehen<https://aka.example/AAb9>",
         "Von meinem Samsung Galaxy Smartphone gesendet."),
        "Diese E-Mail ist vertraulich und nur für den Empfänger bestimmt. Wenn Sie nicht der "
        "richtige Adressat sind, löschen Sie diese Nachricht bitte und sagen Sie es uns.",
        "Viele Grüße",
        ("Danke für Ihre Nachricht. Das ist kein Problem, bringen Sie das Formular am Freitag mit.",
         "Ja, gerne. Ich spreche morgen früh mit ihm darüber."),
    ),
    Language(
        "fr",
        (f"Le mar. 24 nov. 2026 à 15:31, {_W} a écrit :",
         f"Le 24 nov. 2026 à 15:31, {_W} a écrit :",
         f"Le mardi 24 novembre 2026 à 15:31:07 UTC+1, {_W} a écrit :"),
        ("De ", "Envoyé ", "À ", "Objet "), "mardi 24 novembre 2026 15:31", "Message d'origine",
        ("Envoyé de mon iPhone", "Obtenez Outlook pour Android<https://aka.example/AAb9>",
         "Télécharger Outlook pour iOS<https://aka.example/o0uk>",
         "Envoyé depuis mon appareil Galaxy"),
        "Ce message est confidentiel et réservé à son destinataire. Si vous l'avez reçu par "
        "erreur, merci de le supprimer et de prévenir l'expéditeur sans délai.",
        "Cordialement",
        ("Merci pour votre message. Nous en parlerons demain après la classe.",
         "Bien sûr, il peut apporter son livre jeudi. Bonne soirée."),
    ),
    Language(
        "es",
        (f"El mar, 24 nov 2026 a las 15:31, {_W} escribió:",
         f"El 24 nov 2026, a las 15:31, {_W} escribió:",
         f"El martes, 24 de noviembre de 2026, 15:31:07 CET, {_W} escribió:"),
        ("De", "Enviado", "Para", "Asunto"), "martes, 24 de noviembre de 2026 15:31",
        "Mensaje original",
        ("Enviado desde mi iPhone", "Obtener Outlook para Android<https://aka.example/AAb9>",
         "Enviado desde mi Galaxy"),
        "Este correo es confidencial y va dirigido solo a su destinatario. Si lo ha recibido "
        "por error, bórrelo y avise al remitente, por favor.",
        "Un saludo",
        ("Gracias por avisar. Hablaré con ella mañana por la mañana.",
         "Sí, claro. La reunión es el jueves a las cuatro."),
    ),
    Language(
        "pl",
        (f"wt., 24 lis 2026 o 15:31 {_W} napisał(a):",
         f"W dniu 24.11.2026 o 15:31, {WHO} pisze:",
         f"Wiadomość napisana przez {_W} w dniu 24 lis 2026, o godz. 15:31:"),
        ("Od", "Wysłano", "Do", "Temat"), "wtorek, 24 listopada 2026 15:31",
        "Wiadomość oryginalna",
        ("Wysłane z iPhone'a", "Pobierz aplikację Outlook dla systemu Android<https://aka.example>",
         "Wysłane z telefonu Samsung Galaxy."),
        "Ta wiadomość e-mail jest poufna i przeznaczona tylko dla adresata. Jeżeli trafiła do "
        "Państwa przez pomyłkę, prosimy o jej usunięcie i powiadomienie nadawcy.",
        "Pozdrawiam",
        ("Dziękuję za wiadomość. Porozmawiam z nim jutro rano.",
         "Tak, proszę przynieść formularz w piątek."),
    ),
    Language(
        "ro",
        (f"În mar., 24 nov. 2026 la 15:31, {_W} a scris:",
         f"Pe 24 nov. 2026, la 15:31, {_W} a scris:",
         f"On mar., 24 nov. 2026 at 15:31, {_W} wrote:"),
        ("De la", "Trimis", "Către", "Subiect"), "marți, 24 noiembrie 2026 15:31",
        "Mesaj original",
        ("Trimis de pe iPhone-ul meu", "Descărcați Outlook pentru Android<https://aka.example>"),
        "Acest e-mail este confidențial și este destinat numai destinatarului. Dacă l-ați primit "
        "din greșeală, vă rugăm să ștergeți acest mesaj și să anunțați expeditorul.",
        "Cu stimă",
        ("Mulțumesc pentru mesaj. Vorbesc cu el mâine dimineață.",),
    ),
    Language(
        "pt",
        (f"Em ter., 24 de nov. de 2026 às 15:31, {_W} escreveu:",
         f"Em terça-feira, 24 de novembro de 2026 às 15:31:07 WET, {_W} escreveu:",
         f"{_W} escreveu (terça, 24/11/2026 à(s) 15:31):"),
        ("De", "Enviado", "Para", "Assunto"), "24 de novembro de 2026 15:31", "Mensagem original",
        ("Enviado do meu iPhone", "Obter o Outlook para Android<https://aka.example/AAb9>"),
        "Esta mensagem é confidencial e destina-se apenas ao seu destinatário. Se a recebeu por "
        "engano, por favor apague este e-mail e avise quem o enviou.",
        "Com os melhores cumprimentos",
        ("Obrigada pela mensagem. Falo com ele amanhã de manhã.",),
    ),
    Language(
        "ar",
        (f"في الثلاثاء، 24 نوفمبر 2026 في 3:31 م تمت كتابة ما يلي بواسطة {_W}:",
         f"في ٢٤ نوفمبر ٢٠٢٦، الساعة ٣:٣١ م، كتب {_W}:"),
        ("من", "تم الإرسال", "إلى", "الموضوع"), "24 نوفمبر 2026 15:31", "الرسالة الأصلية",
        ("أُرسلت من الـ iPhone", "أرسلت من الايفون الخاص بي",
         "الحصول على Outlook لـ Android<https://aka.example/AAb9>"),
        "هذه الرسالة سرية وموجهة إلى المرسل إليه فقط. إذا وصلت إليك هذه الرسالة عن طريق الخطأ "
        "فيرجى حذفها وإبلاغ المرسل بذلك.",
        "مع التحية",
        ("شكرا على رسالتكم. سأتحدث معه صباح الغد.",),
    ),
    Language(
        "ur",
        (f"منگل، 24 نومبر، 2026 کو 3:31 PM پر {_W} نے لکھا:",
         f"بتاریخ 24 نومبر 2026 وقت 15:31، {_W} نے تحریر کیا:"),
        ("منجانب", "بھیجا گیا", "بنام", "موضوع"), "24 نومبر 2026 15:31", "اصل پیغام",
        ("میرے iPhone سے بھیجا گیا", "Android کے لیے Outlook حاصل کریں<https://aka.example>"),
        "یہ ای میل خفیہ ہے اور صرف وصول کنندہ کے لیے ہے۔ اگر یہ پیغام آپ کو غلطی سے ملا ہے تو براہ "
        "کرم اسے حذف کر دیں اور بھیجنے والے کو بتائیں۔",
        "شکریہ",
        ("آپ کے پیغام کا شکریہ۔ میں کل صبح ان سے بات کروں گی۔",),
    ),
    Language(
        "uk",
        (f"вт, 24 лист. 2026 р. о 15:31 {_W} пише:",
         f"24 лист. 2026 р. о 15:31 {_W} написав(ла):"),
        ("Від", "Надіслано", "Кому", "Тема"), "вівторок, 24 листопада 2026 р. 15:31",
        "Оригінальне повідомлення",
        ("Надіслано з iPhone", "Отримати Outlook для Android<https://aka.example/AAb9>"),
        "Цей лист є конфіденційним і призначений лише для отримувача. Якщо ви отримали його "
        "помилково, будь ласка, видаліть його і повідомте відправника.",
        "З повагою",
        ("Дякую за повідомлення. Поговорю з ним завтра вранці.",),
    ),
    Language(
        "cy",
        (f"Ar Maw, 24 Tach 2026 am 15:31, ysgrifennodd {_W}:",
         f"Ar 24 Tach 2026, am 15:31, ysgrifennodd {_W}:"),
        ("Oddi wrth", "Anfonwyd", "At", "Pwnc"), "24 Tachwedd 2026 15:31", "Neges wreiddiol",
        ("Anfonwyd o fy iPhone", "Cael Outlook ar gyfer Android<https://aka.example/AAb9>"),
        "Mae'r e-bost hwn yn gyfrinachol ac wedi'i fwriadu ar gyfer y derbynnydd yn unig. Mae'r "
        "neges yn gyfrinachol; dilëwch hi os daeth atoch drwy gamgymeriad (cyfrinachol, e-bost).",
        "Cofion cynnes",
        ("Diolch am eich neges. Byddaf yn siarad gydag ef bore yfory.",),
    ),
    Language(
        "it",
        (f"Il giorno mar 24 nov 2026 alle ore 15:31 {_W} ha scritto:",
         f"Il 24 nov 2026, alle 15:31, {_W} ha scritto:"),
        ("Da", "Inviato", "A", "Oggetto"), "martedì 24 novembre 2026 15:31", "Messaggio originale",
        ("Inviato da iPhone", "Scarica Outlook per Android<https://aka.example/AAb9>"),
        "Questo messaggio è riservato ed è destinato solo al destinatario. Se lo avete ricevuto "
        "per errore, vi preghiamo di cancellarlo e di avvisare il mittente.",
        "Cordiali saluti",
        ("Grazie per il messaggio. Ne parlo con lui domani mattina.",),
    ),
    Language(
        "nl",
        (f"Op di 24 nov 2026 om 15:31 schreef {_W}:",
         f"Op 24 nov. 2026 om 15:31 heeft {_W} het volgende geschreven:"),
        ("Van", "Verzonden", "Aan", "Onderwerp"), "dinsdag 24 november 2026 15:31",
        "Oorspronkelijk bericht",
        ("Verstuurd vanaf mijn iPhone", "Outlook voor Android downloaden<https://aka.example>"),
        "Dit bericht is vertrouwelijk en alleen bestemd voor de geadresseerde. Hebt u dit bericht "
        "per abuis ontvangen, wilt u het dan verwijderen en ons dat laten weten.",
        "Met vriendelijke groet",
        ("Bedankt voor uw bericht. Ik bespreek het morgen met hem.",),
    ),
)  # fmt: skip
