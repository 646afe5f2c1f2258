import pytest

from hub.addresses import normalised


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("Ana@Example.org", "ana@example.org"),
        (" ana@example.org. ", "ana@example.org"),
        ("ana+news@example.org", "ana@example.org"),
        ("ana+a+b@example.org", "ana@example.org"),
        ("+ana@example.org", "+ana@example.org"),
        ("a.n.a@example.org", "a.n.a@example.org"),
        ("A.N.A+x@gmail.com", "ana@gmail.com"),
        ("ana@googlemail.com", "ana@gmail.com"),
        ("ａｎａ@example.org", "ana@example.org"),
        ("ſam@example.org", "sam@example.org"),
        ('"a@b"@example.org', '"a@b"@example.org'),
        ("", "@"),
        ("ana", "@ana"),
    ],
)
def test_a_mailbox_has_one_key_however_it_is_spelt(address, mailbox):
    assert normalised(address) == mailbox
