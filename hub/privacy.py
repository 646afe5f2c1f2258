"""The register of processing: every column that says something of a person, what for, on which legal
basis of the GDPR, and how long. ``/about/privacy/`` shows it, and a test fails on a column that is not
in it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CONTRACT = _("Needed for what you asked for (Art. 6(1)(b) GDPR)")
CONSENT = _("Your consent, which you can take back (Art. 6(1)(a) GDPR)")
INTEREST = _("Our interest, where yours does not weigh more (Art. 6(1)(f) GDPR)")
DUTY = _("A duty under the law (Art. 6(1)(c) GDPR)")


@dataclass(frozen=True)
class Kept:
    """One purpose: what is kept for it, in ``columns`` (app.Model.field) whose table may have others
    ``beside`` that by themselves say nothing of anybody."""

    what: Promise
    purpose: Promise
    basis: Promise
    until: Promise
    columns: tuple[str, ...]
    beside: tuple[str, ...] = ()


def _of(model: str, fields: str) -> tuple[str, ...]:
    return tuple(f"{model}.{field}" for field in fields.split())


REGISTER = (
    Kept(
        what=_("Account: e-mail address, name, password as a hash, language, time zone"),
        purpose=_("To let you in and nobody else, and to write to you in your language and time."),
        basis=CONTRACT,
        until=_("Until you erase it on your page."),
        columns=(
            *_of("partners.User", "email name password language timezone joined_at last_login"),
            *_of("account.EmailAddress", "user email"),
            *_of("account.EmailConfirmation", "email_address"),
        ),
        beside=(
            *_of("partners.User", "is_active is_superuser is_secretariat link_version"),
            *_of("account.EmailAddress", "verified primary"),
            *_of("account.EmailConfirmation", "created sent key"),
        ),
    ),
    Kept(
        what=_("Passkeys, apps and recovery codes, by which you prove that it is you"),
        purpose=_("To keep your account yours even when its password is known to others."),
        basis=CONTRACT,
        until=_("Until you remove them or erase your account."),
        columns=_of("mfa.Authenticator", "user type data created_at last_used_at"),
    ),
    Kept(
        what=_("Sessions: where you are signed in, with network address and program"),
        purpose=_("To show you where you are signed in, and to end it from afar."),
        basis=CONTRACT,
        until=_("Until you sign out, at most twelve hours."),
        columns=(
            *_of("usersessions.UserSession", "user ip user_agent created_at last_seen_at"),
            *_of("usersessions.UserSession", "session_key data"),
            *_of("sessions.Session", "session_key session_data"),
        ),
        beside=_of("sessions.Session", "expire_date"),
    ),
    Kept(
        what=_("Roles in organisations, invitations and requests for a role"),
        purpose=_("To know who may publish and speak for an organisation."),
        basis=CONTRACT,
        until=_("Roles until they end; invitations and requests 90 days after they are settled."),
        columns=(
            *_of("partners.Membership", "user role"),
            *_of("members.Invitation", "email invited_by"),
            *_of("members.RoleRequest", "user words decided_by"),
        ),
        beside=(
            *_of("partners.Membership", "organisation"),
            *_of("members.Invitation", "organisation role sent_at accepted_at withdrawn_at"),
            *_of("members.Invitation", "link_version"),
            *_of("members.RoleRequest", "organisation asked_at decided_at is_granted"),
        ),
    ),
    Kept(
        what=_("Your own calendar: the hash of its secret address"),
        purpose=_("To give your calendar program what you take part in."),
        basis=CONTRACT,
        until=_("Until you erase your account."),
        columns=_of("members.CalendarFeed", "user secret_hash made_at"),
    ),
    Kept(
        what=_("Entry in the directory: name, what you know, languages, organisation"),
        purpose=_("So that others find who can help them. The e-mail address is never shown."),
        basis=CONSENT,
        until=_(
            "Shown until you take your consent back. What is not shown is kept until you erase it; "
            "without an account a year."
        ),
        columns=(
            *_of("partners.Person", "slug name bio languages organisation email consented_at"),
            *_of("partners.Person_expertise", "person term"),
        ),
        beside=_of("partners.Person", "is_listed"),
    ),
    Kept(
        what=_("Letters through the hub: name, e-mail address and what you wrote"),
        purpose=_("To pass them on without showing anybody's address, and to look into misuse."),
        basis=INTEREST,
        until=_("90 days; seven days if they were never confirmed."),
        columns=_of("contact.Letter", "person name email words decided_by"),
        beside=(
            *_of("contact.Letter", "language state suspicions written_at decided_at"),
            *_of("contact.Letter", "link_version"),
        ),
    ),
    Kept(
        what=_(
            "Newsletter: e-mail address, what you want to read, when and on which page you agreed, and "
            "to which words"
        ),
        purpose=_("To send you the newsletter that you asked for, and to show that you did."),
        basis=CONSENT,
        until=_("One year after you end it; seven days if you never confirmed it."),
        columns=(
            *_of("newsletter.Subscription", "email languages groups cadence asked_at confirmed_at"),
            *_of("newsletter.Subscription", "ended_at ending wording source_path"),
            *_of("newsletter.Subscription_terms", "subscription term"),
        ),
        beside=_of("newsletter.Subscription", "wording_version link_version"),
    ),
    Kept(
        what=_(
            "Drafts of works: who saved and decided what, who was asked for a review, their words"
        ),
        purpose=_("So that those who curate a work know how it came about, and whom to ask."),
        basis=INTEREST,
        until=_(
            "As long as the work is in the library. Names and addresses of who was asked: 90 days "
            "after their link has ended."
        ),
        columns=(
            *_of("knowledge.Revision", "author"),
            *_of("knowledge.WorkflowEvent", "actor guest comment"),
            *_of("knowledge.ReviewLink", "name email made_by"),
        ),
        beside=(
            *_of("knowledge.Revision", "resource number snapshot base is_aside note created_at"),
            *_of("knowledge.WorkflowEvent", "resource at act from_state to_state version"),
            *_of("knowledge.ReviewLink", "resource made_at ends_at revoked_at link_version"),
        ),
    ),
    Kept(
        what=_("Proposals from outside: name, e-mail address, organisation, and what is proposed"),
        purpose=_(
            "To decide about them, to tell you what becomes of yours, and to name you if you agreed."
        ),
        basis=CONTRACT,
        until=_(
            "Seven days if they were never confirmed; a year after the decision, or as long as your "
            "name stands beside the work. The file only until the decision."
        ),
        columns=(
            *_of("knowledge.Contribution", "title url words outline added name email"),
            *_of("knowledge.Contribution", "organisation_name named_since decided_by reason"),
        ),
        beside=(
            *_of("knowledge.Contribution", "sort file_name file_size taken_out"),
            *_of("knowledge.Contribution", "language region partner"),
            *_of("knowledge.Contribution", "told_in state suspicions written_at decided_at"),
            *_of("knowledge.Contribution", "resource credit link_version"),
        ),
    ),
    Kept(
        what=_(
            "Problems reported with a work: what you wrote, and an e-mail address if you gave one"
        ),
        purpose=_("To mend what is wrong, and to tell you what came of it."),
        basis=INTEREST,
        until=_("180 days after it was dealt with."),
        columns=_of("knowledge.ProblemReport", "words email answer closed_by"),
        beside=(
            *_of("knowledge.ProblemReport", "resource sort confirmed_at language state suspicions"),
            *_of("knowledge.ProblemReport", "written_at closed_at link_version"),
        ),
    ),
    Kept(
        what=_(
            "Registrations for events: name, e-mail address, organisation, language, what you need, "
            "your answers to the organisers, what you agreed to, and whether you were there"
        ),
        purpose=_(
            "To keep your seat, to write to you about the event, to let you in, and for the organisers "
            "to prepare for you."
        ),
        basis=CONTRACT,
        until=_(
            "Until 90 days after the event; an address that nobody confirms gives its seat back within "
            "two days. After that we know how many came, not who."
        ),
        columns=(
            *_of("events.Registration", "user email name organisation organisation_name language"),
            *_of("events.Registration", "access_needs answers may_be_listed may_be_pictured"),
            *_of("events.Registration", "replaced_by"),
            *_of("events.Attendance", "registration at how by"),
        ),
        beside=(
            *_of(
                "events.Registration", "event email_confirmed_at mode wants_mode status queued_at"
            ),
            *_of("events.Registration", "is_held_by_organiser link_version join_hash delegation"),
            *_of("events.Registration", "told_sequence created_at ended_at"),
            *_of("events.SessionSeat", "registration session status queued_at"),
            *_of("events.Attendance", "session"),
        ),
    ),
    Kept(
        what=_("Who spoke at an event, as what, and whether they agree to be published"),
        purpose=_(
            "To show the programme, and to publish recordings and works that name somebody only if "
            "they agree."
        ),
        basis=INTEREST,
        until=_(
            "As long as the event is on the site, unless the person is erased; the answer may be "
            "changed at any time."
        ),
        columns=(
            *_of("events.Appearance", "name person credited_as role organisation"),
            *_of("events.Appearance", "organisation_name consent is_remote"),
            *_of("events.Session", "released"),  # the programme that readers see, with its people
            *_of("events.ProgrammeChange", "before after"),
        ),
        beside=(
            *_of("events.Appearance", "session link_version position"),
            *_of("events.Session", "event slug title summary kind status room track mode language"),
            *_of("events.Session", "stream_url capacity position source_url uid sequence"),
            *_of("events.Session", "starts_local ends_local starts_is_second ends_is_second"),
            *_of("events.Session", "precision timezone starts_at ends_at"),
            *_of("events.ProgrammeChange", "event released_at act title"),
        ),
    ),
    Kept(
        what=_("That you answered three questions after an event; not what you answered"),
        purpose=_("To take one answer from each, and to tell nobody which is whose."),
        basis=INTEREST,
        until=_("As long as your registration."),
        columns=_of("events.FeedbackGiven", "registration"),
        beside=_of("events.Feedback", "event useful will_use missing month"),
    ),
    Kept(
        what=_("Lists that you follow by mail: the address, what you look for, and how you agreed"),
        purpose=_("To write to you when something new comes into such a list."),
        basis=CONSENT,
        until=_("90 days after you stop it; seven days if it was never confirmed."),
        columns=_of("catalogue.SavedSearch", "email query asked_at confirmed_at wording source"),
        beside=(
            *_of("catalogue.SavedSearch", "language cadence stopped_at told_until looked_on"),
            *_of("catalogue.SavedSearch", "unreadable_since link_version"),
        ),
    ),
    Kept(
        what=_("Which issues of the newsletter were sent to you, and what became of each"),
        purpose=_("To send each once, and to none who wants no more."),
        basis=CONSENT,
        until=_("A year after the issue; after that we know how many got it, not who."),
        columns=_of("newsletter.Delivery", "subscription error"),
        beside=(
            *_of("newsletter.Delivery", "issue language because state not_before tried_since"),
            *_of("newsletter.Delivery", "attempts leased_until handed_over_at sent_at"),
        ),
    ),
    Kept(
        what=_("E-mail from the hub: the address, and until it is old the text"),
        purpose=_("To send it once, and to know what became of it."),
        basis=CONTRACT,
        until=_(
            "Secret texts until they are sent; other texts, and of whom they tell, some weeks; the "
            "address that they went to a year."
        ),
        columns=(
            *_of("notices.Message", "to reply_to tells_of subject text html calendar error"),
            *_of("notices.Message", "dedup_key stop_url"),
        ),
        beside=(
            *_of(
                "notices.Message", "template language is_secret is_private state not_before is_held"
            ),
            *_of("notices.Message", "tried_since attempts leased_until message_id created_at"),
            *_of("notices.Message", "handed_over_at sent_at"),
        ),
    ),
    Kept(
        what=_(
            "Taking part for a government: name, position, e-mail address, what you wrote to the "
            "secretariat, and whom the secretariat invited"
        ),
        purpose=_(
            "To know who speaks for a government in a round of the taskforce, to write to them, and to "
            "prepare interviews and meetings."
        ),
        basis=CONTRACT,
        until=_(
            "24 months after the round; 30 days if nobody confirmed the address, 90 days for what was "
            "only begun. After that we know which governments took part, not who spoke for them."
        ),
        columns=(
            *_of("taskforce.Participation", "proposed_name priorities language timezone"),
            *_of("taskforce.ParticipationContact", "participation name position email user"),
            *_of("taskforce.RoundInvitation", "government_name name email language"),
        ),
        beside=(
            *_of("taskforce.Participation", "round government proposed_country interview"),
            *_of("taskforce.Participation", "working_group taskforce_meeting may_be_named status"),
            *_of("taskforce.Participation", "reason submitted_at registered_at accepted_at"),
            *_of("taskforce.Participation", "ended_at version created_at updated_at"),
            *_of("taskforce.ParticipationContact", "is_first confirmed_at agreed_at left_at"),
            *_of("taskforce.ParticipationContact", "link_version created_at"),
            *_of("taskforce.RoundInvitation", "round government invited_at reminded_at reminders"),
            *_of("taskforce.RoundInvitation", "declined_at link_version created_at"),
        ),
    ),
    Kept(
        what=_("Interviews of the taskforce: who asked at which time, and the notes taken there"),
        purpose=_("To hold the interview, and to write down what the government then approves."),
        basis=INTEREST,
        until=_("As long as the round is worked on; notes are read by the secretariat alone."),
        columns=(
            *_of("taskforce.InterviewSlot", "interviewer"),
            *_of("taskforce.Interview", "participation notes"),
        ),
        beside=(
            *_of("taskforce.InterviewSlot", "starts_local ends_local starts_is_second timezone"),
            *_of("taskforce.InterviewSlot", "ends_is_second precision starts_at ends_at round"),
            *_of("taskforce.InterviewSlot", "buffer free_again_at join_url is_withdrawn"),
            *_of("taskforce.Interview", "uid sequence slot status language reason"),
            *_of("taskforce.Interview", "told_sequence booked_at ended_at"),
        ),
    ),
    Kept(
        what=_(
            "Working groups: who sits in them for whom, who asked to, and why; who has taken on what"
        ),
        purpose=_("To hold meetings, to give members their papers, and to decide who becomes one."),
        basis=CONTRACT,
        until=_(
            "Two years after the term has ended; two years after the decision on an application, seven "
            "days if nobody confirmed it."
        ),
        columns=(
            *_of("taskforce.GroupMembership", "organisation name email user may_be_named language"),
            *_of("taskforce.GroupApplication", "organisation organisation_name name email"),
            *_of("taskforce.GroupApplication", "motivation reason decided_by"),
            *_of("taskforce.ActionItem", "owner_name"),
            *_of("taskforce.AgendaItem", "lead_name"),
            *_of("taskforce.MinutesRevision", "author body"),
        ),
        beside=(
            *_of("taskforce.GroupMembership", "group circle role term link_version created_at"),
            *_of("taskforce.GroupApplication", "group circle language status confirmed_at"),
            *_of("taskforce.GroupApplication", "decided_at membership link_version created_at"),
            *_of("taskforce.ActionItem", "meeting agenda_item text owner_government due_on status"),
            *_of("taskforce.ActionItem", "closed_at closed_in outcome evidence evidence_url"),
            *_of("taskforce.ActionItem", "reminded_on"),
            *_of("taskforce.AgendaItem", "meeting position title text kind minutes"),
            *_of("taskforce.AgendaItem", "lead_government decision"),
            *_of("taskforce.MinutesRevision", "meeting number note is_correction created_at"),
        ),
    ),
    Kept(
        what=_("Whom to ask about a round of the taskforce, and who leads a group, in words"),
        purpose=_("So that governments know to whom to turn. Everybody sees it."),
        basis=INTEREST,
        until=_("As long as the round or the group is on the site."),
        columns=(
            *_of("taskforce.Round", "contact_name contact_email"),
            *_of("taskforce.WorkingGroup", "lead_name"),
        ),
        beside=(
            *_of("taskforce.Round", "slug title language summary call period timezone owner"),
            *_of("taskforce.Round", "offers_interview offers_working_group website synthesis"),
            *_of("taskforce.Round", "offers_taskforce_meeting approves_interviews published_at"),
            *_of("taskforce.Round", "withdrawn_at reason is_example source_url created_at"),
            *_of("taskforce.Round", "updated_at"),
            *_of("taskforce.WorkingGroup", "slug name language summary mandate sector stage"),
            *_of("taskforce.WorkingGroup", "lead_government owner is_open_to_applications call"),
            *_of("taskforce.WorkingGroup", "applications_until tells_actions outputs website"),
            *_of("taskforce.WorkingGroup", "published_at withdrawn_at reason source_url"),
            *_of("taskforce.WorkingGroup", "created_at updated_at"),
        ),
    ),
    Kept(
        what=_("Addresses that want no mail or do not exist"),
        purpose=_("Not to write to them again."),
        basis=DUTY,
        until=_("As long as the hub sends mail."),
        columns=_of("notices.Address", "address last_said"),
        beside=_of("notices.Address", "soft_bounces suppressed_at reason changed_at"),
    ),
    Kept(
        what=_("Who changed what, who signed in, and who looked at personal data"),
        purpose=_("To find out what happened when something went wrong, and to answer for it."),
        basis=INTEREST,
        until=_("Changes three years, sign-ins and views 400 days. Network addresses as a hash."),
        columns=(
            *_of("audit.Access", "account client detail object_id"),
            *_of("admin.LogEntry", "user object_repr change_message"),
        ),
        beside=(
            *_of("audit.Access", "at act model route request_id"),
            *_of("admin.LogEntry", "action_time content_type object_id action_flag"),
        ),
    ),
    Kept(
        what=_("Limits against guessing and flooding: a hash of an address"),
        purpose=_("To keep robots from guessing passwords and from sending mail to others."),
        basis=INTEREST,
        until=_("Until the limit is free again, at most a day and a night."),
        columns=_of("hub.Allowance", "key"),
        beside=_of("hub.Allowance", "empty_at"),
    ),
    Kept(
        what=_("Readers of a work, for a day: a hash of network address and browser"),
        purpose=_(
            "To count each reader of a work once a day, without a cookie. Every work has another "
            "hash of the same reader, so nobody can be followed from one to the next."
        ),
        basis=INTEREST,
        until=_(
            "Midnight (UTC). Then the hashes go, and with them the secret of the day that they were "
            "made with: nobody, we included, can find out whose they were. What stays for 25 months "
            "is how many readers a work had on a day, which says nothing of anybody."
        ),
        columns=_of("catalogue.UsageReader", "key"),
        beside=_of("catalogue.UsageSalt", "day salt"),
    ),
    Kept(
        what=_("Files of works that you bring in at the desk, with the names of authors in them"),
        purpose=_("To show you row by row what would come of a file before it is written."),
        basis=CONTRACT,
        until=_("The file until it was read; its rows seven days, or until you cancel the import."),
        columns=(
            *_of("knowledge.Import", "user file_name content"),
            *_of("knowledge.ImportRow", "cells title errors warnings changes"),
        ),
        beside=(
            *_of(
                "knowledge.Import", "owner form kind language state attempt rows_in_all rows_done"
            ),
            *_of("knowledge.Import", "notes problem made_at"),
            *_of("knowledge.ImportRow", "batch number line outcome is_held is_chosen resource"),
        ),
    ),
    Kept(
        what=_(
            "Authors and editors of works, who proposed them, people who are quoted; who took which "
            "step with an entry that became part of another"
        ),
        purpose=_(
            "To name who made a work, as it does itself, and who proposed it if they agreed."
        ),
        basis=INTEREST,
        until=_("As long as the work is in the library."),
        columns=(
            *_of("knowledge.Credit", "name"),
            *_of("knowledge.Merged", "before"),
            *_of("catalogue.Record", "people"),
            *_of("portal.Quote", "person role"),
        ),
        beside=(
            *_of("knowledge.Credit", "resource role organisation position"),
            *_of("knowledge.Merged", "public_id slug former_id title into published_at merged_at"),
            *_of("portal.Quote", "organisation words language is_verbatim source_url position"),
        ),
    ),
)

# Tables that say nothing of anybody, beside those of events, which have the columns of theirs.
NOTHING_PERSONAL = {
    *("hub.LoadedRow", "hub.Change", "auth.Permission", "auth.Group", "auth.Group_permissions"),
    *("contenttypes.ContentType", "partners.User_groups", "partners.User_user_permissions"),
    # Jobs are told numbers of rows, never names or addresses.
    *("procrastinate.ProcrastinateWorker", "procrastinate.ProcrastinateJob"),
    *("procrastinate.ProcrastinateEvent", "procrastinate.ProcrastinatePeriodicDefer"),
    "pghistory.Context",  # never written: events have their context themselves
    *("taggit.Tag", "taggit.TaggedItem", "notices.Outage", "partners.Organisation"),
    *("vocabulary.Term", "vocabulary.Term_related", "vocabulary.TermLabel"),
    "vocabulary.FormerAddress",
    *("catalogue.FacetValue", "catalogue.KeptPage", "catalogue.Word", "catalogue.Passage"),
    "catalogue.Departed",
    *("newsletter.Issue", "newsletter.IssueText", "newsletter.IssueItem"),
    *("catalogue.SearchMiss", "catalogue.SetAside"),  # what looks personal is not counted
    "catalogue.UsageDay",  # sums of a day
    *("portal.ReadFirst", "knowledge.Resource", "knowledge.Resource_co_owners"),
    *("knowledge.Resource_terms", "knowledge.File", "knowledge.Cover", "knowledge.Edition"),
    *("knowledge.Identifier", "knowledge.Link", "knowledge.TwoWorks", "knowledge.Likeness"),
    *("knowledge.Comparison", "knowledge.Collection"),
    *("knowledge.Collection_co_owners", "knowledge.Collection_terms"),
    *("knowledge.CollectionText", "knowledge.CollectionItem"),
    *("taskforce.Round_convenors", "taskforce.Round_terms", "taskforce.Milestone"),
    *("taskforce.Finding", "taskforce.Finding_sectors", "taskforce.WorkingGroup_rounds"),
    *("taskforce.Meeting", "taskforce.AgendaItem_papers"),
    *("events.Event", "events.Event_co_owners", "events.Event_terms"),
    *("events.JoinAddress", "events.Organiser", "events.Untold"),
    *("events.Selection", "events.Material", "events.Outcome"),
}
