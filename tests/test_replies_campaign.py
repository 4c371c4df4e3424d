"""The short form of the campaign of replies: sixty of them to a digest of ten families."""

from tests.campaigns.replies import run


def test_no_reply_to_a_digest_carries_another_familys_words_and_few_are_held_in_vain():
    figures = run(digests=1, replies=60)
    assert len(figures.outcomes) == 60
    assert figures.is_good, "\n".join(figures.lines())
