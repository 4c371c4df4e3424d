"""Replies as mail programs write them, in the school's languages; all people are invented."""

OWN = "Thank you, Ben is feeling better now.\nHe will be back on Thursday."
SHORT = "Dziękuję bardzo za wiadomość."

# name -> (text as sent, the author's own words)
REPLIES: dict[str, tuple[str, str]] = {
    "gmail english": (
        f"{OWN}\n\nOn Mon, 12 Jan 2026 at 15:42, Class 3 <class3@school.example> wrote:\n\n"
        "> Dear Amina,\n>\n> How is Ben?\n",
        OWN,
    ),
    "gmail, attribution wrapped": (
        f"{OWN}\n\nOn Mon, 12 Jan 2026 at 15:42, Class 3 at Invented Primary School\n"
        "<class3@school.example> wrote:\n\n> How is Ben?\n> Kind regards\n",
        OWN,
    ),
    "gmail polish": (
        f"{SHORT}\n\npon., 12 sty 2026 o 15:42 Class 3 <class3@school.example> napisał(a):\n\n"
        "> Dzień dobry\n> Jak się czuje Ben?\n",
        SHORT,
    ),
    "gmail romanian": (
        f"{OWN}\n\nÎn lun., 12 ian. 2026 la 15:42, Class 3 <class3@school.example> a scris:\n\n"
        "> Bună ziua\n",
        OWN,
    ),
    "gmail arabic": (
        "شكرا جزيلا لكم.\n\nفي الاثنين، 12 يناير 2026 في 3:42 م تمت كتابة ما يلي بواسطة Class 3 "
        "<class3@school.example>:\n\n> مرحبا\n",
        "شكرا جزيلا لكم.",
    ),
    "apple mail": (
        f"{OWN}\n\nSent from my iPhone\n\n> On 12 Jan 2026, at 15:42, Class 3 "
        "<class3@school.example> wrote:\n> \n> How is Ben?\n",
        OWN,
    ),
    "apple mail german": (
        f"{OWN}\n\nVon meinem iPhone gesendet\n\n> Am 12.01.2026 um 15:42 schrieb Class 3 "
        "<class3@school.example>:\n> \n> Wie geht es Ben?\n",
        OWN,
    ),
    "outlook desktop": (
        f"{OWN}\n\nFrom: Class 3 <class3@school.example>\nSent: 12 January 2026 15:42\n"
        "To: Amina Patel <mum@parent.example>\nSubject: Ben\n\nDear Amina,\n\nHow is Ben?\n",
        OWN,
    ),
    "outlook desktop without an address": (
        f"{OWN}\n\n________________________________\nFrom: Class 3\nSent: 12 January 2026 15:42\n"
        "To: Amina Patel\nSubject: Ben\n\nDear Amina,\n",
        OWN,
    ),
    "outlook polish": (
        f"{SHORT}\n\nOd: Class 3 <class3@school.example>\nWysłano: poniedziałek, 12 stycznia 2026 "
        "15:42\nDo: Amina Patel <mum@parent.example>\nTemat: Ben\n\nDzień dobry\n",
        SHORT,
    ),
    "outlook french": (
        f"{OWN}\n\nDe : Class 3 <class3@school.example>\nEnvoyé : lundi 12 janvier 2026 15:42\n"
        "À : Amina Patel <mum@parent.example>\nObjet : Ben\n\nBonjour\n",
        OWN,
    ),
    "outlook mobile": (
        f"{OWN}\n\nGet Outlook for iOS<https://aka.example/o0ukef>\n"
        "________________________________\nFrom: Class 3 <class3@school.example>\n"
        "Sent: Monday, January 12, 2026 3:42:10 PM\nTo: Amina <mum@parent.example>\n"
        "Subject: Ben\n\nHow is Ben?\n",
        OWN,
    ),
    "samsung": (
        f"{OWN}\n\n\nSent from my Galaxy\n\n-------- Original message --------\n"
        "From: Class 3 <class3@school.example>\nDate: 12/01/2026 15:42 (GMT+00:00)\n"
        "To: mum@parent.example\nSubject: Ben\n\nHow is Ben?\n",
        OWN,
    ),
    "yahoo": (
        f"{OWN}\n\n    On Monday, 12 January 2026 at 15:42:10 GMT, Class 3 "
        "<class3@school.example> wrote:  \n \n How is Ben?\n Kind regards\n",
        OWN,
    ),
    "yandex russian": (
        'Спасибо большое за письмо.\n\n12.01.2026, 15:42, "Class 3" <class3@school.example>:\n\n'
        "> Здравствуйте\n",
        "Спасибо большое за письмо.",
    ),
    "answer under the quote": (
        "On Mon, 12 Jan 2026 at 15:42, Class 3 <class3@school.example> wrote:\n"
        f"> How is Ben?\n\n{OWN}\n",
        OWN,
    ),
    "answers between the quotes": (
        "On Mon, 12 Jan 2026 at 15:42, Class 3 <class3@school.example> wrote:\n"
        "> How is Ben?\nMuch better today.\n> When will he be back?\nOn Thursday morning.\n",
        "Much better today.\nOn Thursday morning.",
    ),
    "one word above a named quote": (
        "Thanks\n\nOn Mon, 12 Jan 2026 at 15:42, Class 3 <class3@school.example> wrote:\n\n"
        "> Your message was received.\n",
        "Thanks",
    ),
    "signature mark": (f"{OWN}\n-- \nAmina Patel\n1 Invented Road\n", OWN),
}

# Nothing in these is a quote.
KEPT_WHOLE: dict[str, str] = {
    "a child's words": 'Mia wrote:\n"I do not want to go to school"\nin her diary yesterday.',
    "a word that looks like a field": "From: next week Ben walks home alone.\nIs that all right?",
    "an appointment as a list": (
        "Hello,\nDate: 12/01/2026\nTime: 10:30\nWhere: the dentist\nWho: Mia\nPlease let her out."
    ),
    "a quotation with a time": "At 15:42 she told me:\nthey hit me again.\nPlease ring me.",
    "an address and a colon": "Please write to dad@parent.example as well:\nhe has the forms.",
    "nothing but a quote": "> Ben is ill today and stays at home",
    "a forwarded threat": (
        "Please see what he sent me.\n\n---------- Forwarded message ---------\n"
        "From: X <x@parent.example>\nDate: Mon, 12 Jan 2026 at 15:42\nSubject: you\n"
        "To: <mum@parent.example>\n\nI will come to the school and take her."
    ),
    "a forward by apple": (
        "Please see below.\n\nBegin forwarded message:\n\nFrom: X <x@parent.example>\n"
        "Subject: you\nDate: 12 January 2026 at 15:42:10 GMT\nTo: mum@parent.example\n\n"
        "I will come."
    ),
}
