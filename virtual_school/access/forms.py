"""Forms of signing in and of people and roles."""

from datetime import timedelta
from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.apps import apps
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from virtual_school.authorities.models import Authority
from virtual_school.design.dates import DateField
from virtual_school.design.widgets import PasswordInput, Radios, TextInput

from .actions import AT_A_SCHOOL, DATED
from .models import Role, User
from .roles import RIGHTS

PASSWORD_HINT = "At least 12 characters. Three words that nobody would put together are easy to remember."  # noqa: S105 (words, no password)


class SignInForm(LoginForm):
    marks_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, "login", "E-mail address", autocomplete="username", spellcheck="false")
        relabel(self, "password", "Password", autocomplete="current-password")


class NewPasswordForm(ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, "oldpassword", "Present password", autocomplete="current-password")
        relabel(self, "password1", "New password", PASSWORD_HINT, autocomplete="new-password")
        relabel(self, "password2", "New password again", autocomplete="new-password")


class ForgottenForm(ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, "email", "E-mail address", autocomplete="email", spellcheck="false")


class ResetForm(ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, "password1", "New password", PASSWORD_HINT, autocomplete="new-password")
        relabel(self, "password2", "New password again", autocomplete="new-password")


class CodeForm(AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self, "The 6 digits your authenticator app shows, or one of your printed codes")


class CodeAgainForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self, "The 6 digits your authenticator app shows, or one of your printed codes")


class SetUpAppForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self, "The 6 digits the app shows now")


class AddPasskeyForm(AddWebAuthnForm):
    """Signing in with the passkey alone is what most people want, so it is chosen beforehand."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"passwordless": True, "name": "", **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        relabel(self, "name", "Name for this passkey", "So that you can tell it from others, like “school laptop”")
        relabel(self, "passwordless", "Sign in with this passkey alone, without a password")
        self.fields["passwordless"].help_text = "The device then asks for its own fingerprint, face or PIN each time"


class RenamePasskeyForm(EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, "name", "Name for this passkey")


def relabel(form: forms.Form, name: str, label: str, hint: str = "", **attrs: str) -> None:
    """In our words. GOV.UK advises against placeholders: they vanish as one types."""
    field = form.fields[name]
    field.label, field.help_text = label, hint
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attrs)


def _code(form: forms.Form, hint: str) -> None:
    relabel(form, "code", "Code", hint, autocomplete="one-time-code", spellcheck="false")
    form.fields["code"].widget = TextInput(form.fields["code"].widget.attrs, width=10)


class AcceptInvitationForm(forms.Form):
    name = forms.CharField(max_length=200, label="Your name", widget=TextInput({"autocomplete": "name"}))
    password1 = forms.CharField(
        label="Password", help_text=PASSWORD_HINT, max_length=128, strip=False, widget=PasswordInput(new=True)
    )
    password2 = forms.CharField(label="Password again", max_length=128, strip=False, widget=PasswordInput(new=True))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, second = given.get("password1"), given.get("password2")
        if first and second and first != second:
            self.add_error("password2", "The two passwords are not the same")
        elif first:
            try:
                validate_password(first, User(name=given.get("name", ""), email=self.user.email))
            except ValidationError as problem:
                self.add_error("password1", problem)
        return given


class RoleForm(forms.Form):
    """A role in one of the authorities whose people the reader manages."""

    role = forms.ChoiceField(label="Role")
    authority = forms.TypedChoiceField(label="Council", coerce=int)
    urn = forms.IntegerField(
        label="School's unique reference number (URN)",
        required=False,
        help_text="Six digits. Only for a designated teacher or their colleague.",
        widget=TextInput({"inputmode": "numeric"}, width=10),
    )

    last_day = DateField(
        label="Last day",
        required=False,
        help_text="An inspector’s role always ends; leave it empty for others unless you know it already.",
    )

    def __init__(self, *args: Any, authorities: tuple[int, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].widget = Radios(
            hints={role: rights.description for role, rights in RIGHTS.items()}, small=True
        )
        self.fields["last_day"].earliest = timezone.localdate()
        self.fields["role"].choices = [(role, Role(role).label) for role in RIGHTS]
        managed = Authority.objects.filter(code__in=authorities)
        self.fields["authority"].choices = [(one.code, one.name) for one in managed]
        if len(authorities) == 1:
            self.fields["authority"].widget = forms.HiddenInput()
            self.initial["authority"] = authorities[0]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        role, urn = given.get("role"), given.get("urn")
        if role in AT_A_SCHOOL and "urn" not in self.errors:
            if urn is None:
                self.add_error("urn", "Enter the URN of the school")
            elif not apps.get_model("schools", "School").objects.filter(urn=urn).exists():
                self.add_error("urn", f"No school with the URN {urn} is in the national register held here")
        elif role and urn is not None:
            self.add_error("urn", "Leave the URN empty: this role is not at a school")
        if role in DATED and not given.get("last_day") and "last_day" not in self.errors:
            self.add_error("last_day", "Enter the last day of the inspection")
        return given

    @property
    def given(self) -> dict[str, Any]:
        """What the action takes: `ends` is the day after the last."""
        given = dict(self.cleaned_data)
        last_day = given.pop("last_day")
        return {**given, "ends": last_day + timedelta(days=1) if last_day else None}


class InviteForm(RoleForm):
    name = forms.CharField(max_length=200, label="Name")
    email = forms.EmailField(
        label="E-mail address",
        help_text="Their own work address: the invitation goes there, and they sign in with it.",
        widget=TextInput({"type": "email", "spellcheck": "false", "autocomplete": "off"}),
    )
    field_order = ("name", "email", "role", "urn", "last_day", "authority")


class PeopleFilter(forms.Form):
    """In the address. The search for a name is not: names stay out of addresses."""

    marks_optional = False
    role = forms.ChoiceField(required=False, choices=[("", "Every role"), *Role.choices])
    state = forms.ChoiceField(
        required=False,
        choices=[("", "Everyone"), ("active", "Active"), ("invited", "Invited"), ("ended", "Ended")],
    )
