import pytest
from django.core.exceptions import ValidationError

from hub.addresses import folded, normalised, validate_address


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


@pytest.mark.parametrize(
    "address",
    [
        "ana.lee@example.org",
        "A.n.a.Lee+news@EXAMPLE.org",
        "analee@example.org.",
        "an.a.lee+a+b@example.org",
    ],
)
def test_spellings_that_may_be_one_mailbox_are_counted_as_one(address):
    assert folded(address) == "analee@example.org"
    assert folded(address) != folded(f"x{address}")


@pytest.mark.parametrize(
    "address",
    [
        *("ana@\u200bexample.org", "ana@exam\u00adple.org", "ana@\u2003example.org"),
        *('"a\x01b"@example.org', "ana@example.org\nBcc: b@example.org", "İ@example.org"),
        *("ana", "ana@", "@example.org", "", " ana@example.org", f"{'a' * 250}@example.org"),
    ],
)
def test_what_no_letter_can_go_to_is_no_address(address):
    with pytest.raises(ValidationError):
        validate_address(address)


@pytest.mark.parametrize(
    "address", ["Ana@Example.org", "a.b+c@sub.example.co", "ana@bücher.example"]
)
def test_what_letters_go_to_is_an_address(address):
    validate_address(address)
