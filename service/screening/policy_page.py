"""The rules in words and tables, for people: `docs/policy.md` is written from the policy file by this."""

from __future__ import annotations

from collections.abc import Iterator

from service.screening.conditions import AllOf, AnyOf, AtLeast, Below, Condition, FactHolds, Families
from service.screening.outcome import Priority
from service.screening.policy_file import InShadow, Policy, Result, Rule


def policy_page(policy: Policy) -> str:
    """The page in Markdown, ending with a line break."""
    return "\n".join(_lines(policy)) + "\n"


def _lines(policy: Policy) -> Iterator[str]:
    yield f"# Policy {policy.version}"
    yield ""
    yield f"Written from the policy file with SHA-256 `{policy.digest}`; change that file and write this page anew:"
    yield (
        '`python -c "from service.screening.policy import load_policy; from service.screening.policy_page import '
        "policy_page; print(policy_page(load_policy()), end='')\" > docs/policy.md`."
    )
    yield ""
    yield "Rules are tried in this order for each brand that evidence speaks of; the first that matches wins. Of the"
    yield "brands' outcomes the most severe is the listing's. The reasons are in `docs/decisions`, number 0050."
    yield ""
    yield "| rule | what it is about | if | then | reasons | status |"
    yield "|---|---|---|---|---|---|"
    yield from (_row(rule) for rule in policy.rules)
    yield ""
    yield from _block_lines(policy)
    yield ""
    yield from _threshold_lines(policy)


def _row(rule: Rule) -> str:
    cells = [rule.id, rule.title, _words(rule.condition), _then(rule), ", ".join(rule.codes), _status(rule)]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _words(condition: Condition) -> str:
    match condition:
        case AtLeast(signal=code, at_least=strength):
            return f"{code} {'strong' if strength.name == 'STRONG' else 'weak or strong'}"
        case Below(signal=code, below=strength):
            return f"{code} {'not strong' if strength.name == 'STRONG' else 'absent'}"
        case FactHolds(fact=fact):
            return fact.replace("_", " ")
        case Families(families=families, at_least=strength, count=count):
            return f"{strength.name.lower()} signals of {count} or more of: {', '.join(sorted(families))}"
        case AllOf(all=parts):
            return " and ".join(_words(part) for part in parts)
        case AnyOf(any=parts):
            return f"({' or '.join(_words(part) for part in parts)})"


def _then(rule: Rule) -> str:
    if rule.otherwise is None:
        return _result(rule.result)
    needs = ", ".join(sorted(need.replace("_", " ") for need in rule.block_needs))
    return f"{_result(rule.result)} if {needs}; else {_result(rule.otherwise)}"


def _result(result: Result) -> str:
    words = [f"`{result.decision}`"]
    if result.priority not in (None, Priority.NORMAL):
        words.append(str(result.priority))
    if result.watched:
        words.append("watched")
    if result.sample_rate:
        words.append(f"{result.sample_rate:.1%} sampled")
    return ", ".join(words)


def _status(rule: Rule) -> str:
    block_only = rule.in_shadow is InShadow.OTHERWISE and rule.status == "shadow"
    return "block in shadow" if block_only else str(rule.status)


def _block_lines(policy: Policy) -> Iterator[str]:
    bar = policy.precision
    yield "A rule in shadow records what it would have done. *Precision* means: of at least"
    yield f"{bar.labelled} labelled decisions of that rule and brand, the lower bound of the share upheld is at least"
    yield f"{bar.lower_bound} ({bar.source}). Whatever its needs, no rule blocks what S10 speaks of (stable)."


def _threshold_lines(policy: Policy) -> Iterator[str]:
    yield "| threshold | values | version | source |"
    yield "|---|---|---|---|"
    for name, values in policy.thresholds:
        fields = values.model_dump()
        version, source = fields.pop("version"), fields.pop("source")
        told = ", ".join(f"{key.replace('_', ' ')} {_value(value)}" for key, value in fields.items())
        yield f"| {name} | {told} | {version} | {source} |"


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "/".join(f"{inner} for {key}" for key, inner in value.items())
    return str(value)
