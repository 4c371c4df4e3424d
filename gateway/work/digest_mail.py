"""Writes a teacher's digest as mails with their files, and what becomes of one that cannot go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row

from gateway.mail.digest import Page, digest_pages
from gateway.mail.digest_entry import Digest, DigestEntry, in_order
from gateway.store.outbox import Priority
from gateway.work.digest_entries import Conversation, EntryWriter, conversations
from gateway.work.digest_files import Files, with_files
from gateway.work.letters import unshown
from gateway.work.office_queue import put_on_list
from gateway.work.phrases import contact_values
from gateway.work.post import Letter
from gateway.work.source import Source
from rules.week import week_words
from rules.wording import moment_words


@dataclass(frozen=True, slots=True)
class DigestMail:
    """One reader's digest for one cut, about to be queued."""

    writer: EntryWriter
    digest_id: str
    talks: Mapping[str, Conversation]  # by the entry's `ref`, as are the messages of each
    sources: Mapping[str, tuple[Source, ...]]
    files: Files

    def queue(self, digest: Digest) -> int:
        """Queue every page of the digest; return how many mails that is."""
        pages = digest_pages(digest)
        for number, page in enumerate(pages):
            letter = self._letter(page, number)
            if self._send(letter) == "held":
                self._send_bare(letter, digest, page)
        return len(pages)

    def _send(self, letter: Letter) -> str:
        writer = self.writer
        return writer.letters.post.send(writer.connection, letter, writer.now)

    def _letter(self, page: Page, number: int) -> Letter:
        school, reader = self.writer.school, self.writer.reader
        written_to = self.sources[page.entries[-1].ref][-1]
        rooms = {entry.class_name for entry in page.entries}
        room = f"{written_to.class_name}, " if len(rooms) == 1 and written_to.class_name else ""
        alone = page.alone
        return Letter(
            key=f"digest/{self.digest_id}/{number}",
            kind="digest",
            priority=Priority.DIGEST,
            sender_name=f"{room}{school.name}",
            sender=written_to.class_address,
            recipient=reader.address,
            words=page.words,
            about=self.talks[alone.ref].spool_ids[-1] if alone else None,
            reply_to=alone.reply_to if alone else None,
            attachments=tuple(file for entry in page.entries for file in self.files[entry.ref]),
            hours_of=reader.staff_id,
        )

    def _send_bare(self, held: Letter, digest: Digest, page: Page) -> None:
        """Send a page that was held without a word from outside, or put its messages on a list."""
        bare = tuple(self._bare(entry) for entry in page.entries)
        letter = replace(held, sender_name=self.writer.school.name, attachments=())
        outcomes = [
            self._send(replace(letter, key=f"{held.key}/bare/{number}", words=again.words))
            for number, again in enumerate(digest_pages(replace(digest, entries=bare)))
        ]
        if "held" not in outcomes:
            return
        for entry in page.entries:
            if entry.kind == "message":  # the others are with the safeguarding lead already
                for item in self.talks[entry.ref].items:
                    put_on_list(
                        self.writer.connection,
                        self.writer.school,
                        item.spool_id,
                        "this message could not be written for the teacher",
                        self.writer.now,
                        key=f"held/{item.item_id}",
                        failed="digest",
                        answer=item.detail.get("kept_back", ""),
                    )

    def _bare(self, entry: DigestEntry) -> DigestEntry:
        is_message = entry.kind == "message"
        numbers = ", ".join(self.talks[entry.ref].spool_ids)
        return replace(
            entry,
            guardian="a sender",
            pupils=(),
            subject="Not shown" if is_message else "",
            text=unshown(numbers) if is_message else "",
            more=(),
            kept_back="",
            note="",
            attachments=(),
            on_request=(),
            withheld=(),
            hints=(),
        )


def queue_digest(
    writer: EntryWriter,
    digest_id: str,
    items: Sequence[Row[Any]],
    sources: Mapping[str, Source],
) -> int:
    """Queue the mails that give `items` to their reader; return how many.

    `sources` are the messages by their spool id.
    """
    school, reader = writer.school, writer.reader
    talks = {talk.ref: talk for talk in conversations(writer.connection, items)}
    of_talk = {
        ref: tuple(sources[spool_id] for spool_id in talk.spool_ids) for ref, talk in talks.items()
    }
    entries = in_order(tuple(writer.entry(talk, of_talk[ref]) for ref, talk in talks.items()))
    entries, files = with_files(entries, of_talk, school.policy.small_attachments_bytes)
    digest = Digest(
        teacher=reader.name,
        reading_time=moment_words(writer.cut, school.zone),
        own_windows=week_words(writer.calendar, school.today(writer.now)),
        entries=entries,
        **contact_values(school),
    )
    return DigestMail(writer, digest_id, talks, of_talk, files).queue(digest)
