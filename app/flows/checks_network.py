"""The network's part of the target's check: the chosen one with all that speaks against it, or the one to be made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.domain.address_ranges import check_ranges, check_subnet, public_warning, read_ranges, split_ranges
from app.domain.azure import Subnet, VirtualNetwork
from app.domain.issue import Issue, Severity, Suitability, Verdict
from app.domain.naming_rules import check_name
from app.domain.network_plan import check_servers, overlap_warning, prefix_for
from app.domain.network_rules import judge_subnet, network_verdicts
from app.domain.rules import NameKind
from app.domain.vault_rules import tag_problems
from app.flows.draft import NetworkChoice, NewSubnet, SetUpDraft
from app.flows.network_need import Need, needs_by_subnet
from app.flows.places import location_of, network_id
from app.flows.planning_network import subnets_of
from app.flows.step import Context


def check_network(draft: SetUpDraft, context: Context) -> list[Issue]:
    """Fields below `target.network`."""
    choice = draft.target.network
    field = "name" if choice.create else "network_id"
    wanted = network_id(draft)
    network = context.estate.network(wanted.text) if wanted else None
    if network is not None:
        return _check_existing(field, network, draft, context)
    if choice.create:
        return [*_check_new(choice, context), *_check_room(choice, draft, context)]
    if wanted is None:
        text = "Choose a network for the machines after a failover, or create one."
        return [Issue(field, text, short="No network chosen")]
    if wanted.subscription.lower() != draft.target.subscription.lower():
        text = f"{wanted.name} is in another subscription than the machines will be. Choose another, or create one."
        return [Issue(field, text, short="Network is elsewhere")]
    if not context.estate.has_read_target(wanted.subscription):
        return []
    text = f"There is no network {wanted.name} any more. Choose another, or create one."
    return [Issue(field, text, short="Network is gone")]


# One that is there


def _check_existing(field: str, network: VirtualNetwork, draft: SetUpDraft, context: Context) -> list[Issue]:
    known = context.networks.access_to(network.id)
    verdicts = network_verdicts(network, location_of(draft, context.estate), context.rules, known)
    against = [each for each in verdicts if each.status is Suitability.BLOCKED]
    if against:
        text = " ".join([*(each.reason for each in against), against[0].remedy])
        return [Issue(field, text, short=f"Network: {_lowered(against[0].word)}")]
    issues = []
    if draft.target.network.create:
        text = f"{network.id.resource_group} has a network {network.name} already; it will be used as it is."
        issues.append(Issue(field, text, Severity.INFO))
    return [*issues, *_check_existing_subnets(network, draft, context)]


def _check_existing_subnets(network: VirtualNetwork, draft: SetUpDraft, context: Context) -> list[Issue]:
    """The default subnet, and those that machines were told to take."""
    name = draft.target.network.subnet
    if not name:
        return [Issue("subnet", f"Choose a subnet of {network.name}.", short="No subnet chosen")]
    by_name = {subnet.name.lower(): subnet for subnet in network.subnets}
    if name.lower() not in by_name:
        text = f"{network.name} has no subnet {name}. Choose one of the list."
        return [Issue("subnet", text, short="Subnet is gone")]
    needs = {name.lower(): Need(), **needs_by_subnet(draft, context)}
    default = needs.pop(name.lower())
    verdicts = [_judge(by_name[name.lower()], default, context)]
    # What makes a machine's own subnet impossible is said at the machine.
    others = [_judge(by_name[each], need, context) for each, need in needs.items() if each in by_name]
    verdicts += [verdict for verdict in others if verdict.is_usable]
    troubled = [verdict for verdict in verdicts if verdict.status is not Suitability.OK]
    return [_from_verdict("subnet", "Subnet", verdict) for verdict in troubled[:1]]


def _judge(subnet: Subnet, need: Need, context: Context) -> Verdict:
    return judge_subnet(subnet, need.machines, context.rules, need.cards)


# One to be made


def _check_new(choice: NetworkChoice, context: Context) -> Iterable[Issue]:
    """What stops it."""
    rules = context.rules
    name = check_name(NameKind.VIRTUAL_NETWORK, choice.name, rules)
    if name:
        yield Issue("name", name, short="Network name")
    space = check_ranges(choice.address_space, rules)
    if space:
        yield Issue("address_space", space, short="Network address range")
    subnets = subnets_of(choice)
    for place in range(len(subnets)):
        yield from _check_subnet(place, subnets, choice, context)
    most = rules.network.most_subnets
    if len(subnets) > most:
        yield Issue(
            "more_subnets", f"A network has {most:,} subnets at most. Take some away.", short="Too many subnets"
        )
    for place, problem in check_servers(choice.dns_servers, rules).items():
        yield Issue(f"dns_servers[{place}]", problem, short="DNS server")
    for field, problem in tag_problems(choice.tags, rules, "network").items():
        yield Issue(field, problem, short="A tag is not right")


def _check_subnet(place: int, subnets: Sequence[NewSubnet], choice: NetworkChoice, context: Context) -> Iterable[Issue]:
    rules, subnet = context.rules, subnets[place]
    name = check_name(NameKind.SUBNET, subnet.name, rules)
    if not name and subnet.name.lower() in {each.name.lower() for each in subnets[:place]}:
        name = f"There is a subnet {subnet.name} already; case makes no difference. Give each name once."
    use = rules.network.reserved_subnets.use_of(subnet.name)
    if not name and place == 0 and use:
        name = f"Azure keeps this name for {use}; machines have no place there. Put it below, and the machines’ first."
    if name:
        yield Issue(name_field(place), name, short="Subnet name")
    siblings = [each.prefix for each in subnets[:place]]
    prefix = check_subnet(subnet.prefix, split_ranges(choice.address_space), siblings, rules)
    if prefix:
        yield Issue(prefix_field(place), prefix, short="Subnet address range")


def _check_room(choice: NetworkChoice, draft: SetUpDraft, context: Context) -> Iterable[Issue]:
    """What does not stop it and should be known."""
    rules = context.rules
    if check_ranges(choice.address_space, rules) is None:
        ranges = read_ranges(choice.address_space)
        others = context.estate.networks
        for warning in (overlap_warning(ranges, others), public_warning(choice.address_space, rules)):
            if warning:
                yield Issue("address_space", warning, Severity.WARNING, short="Network: overlaps another")
                break
    needs = needs_by_subnet(draft, context)
    for place, subnet in enumerate(subnets_of(choice)):
        need = needs.get(subnet.name.lower())
        if need is None or check_subnet(subnet.prefix, split_ranges(choice.address_space), (), rules):
            continue
        verdict = judge_subnet(Subnet(subnet.name, subnet.prefix), need.machines, rules, need.cards)
        if verdict.status is Suitability.WARNING:
            text = f"{verdict.reason} {enough_words(need, context)}".strip()
            yield Issue(prefix_field(place), text, Severity.WARNING, short="Subnet: too few addresses")


def enough_words(need: Need, context: Context) -> str:
    """Which prefix would hold them all; empty when none is large enough."""
    length = prefix_for(max(need.machines, need.cards), context.rules)
    return f"A range /{length} would be enough." if length is not None else ""


def name_field(place: int) -> str:
    """Where the issue of a new subnet's name stands; the first subnet is the default one."""
    return "subnet" if place == 0 else f"more_subnets[{place - 1}].name"


def prefix_field(place: int) -> str:
    return "subnet_prefix" if place == 0 else f"more_subnets[{place - 1}].prefix"


def _from_verdict(field: str, what: str, verdict: Verdict) -> Issue:
    severity = Severity.ERROR if verdict.status is Suitability.BLOCKED else Severity.WARNING
    text = f"{verdict.reason} {verdict.remedy}".strip()
    return Issue(field, text, severity, short=f"{what}: {_lowered(verdict.word)}")


def _lowered(word: str) -> str:
    return word[:1].lower() + word[1:]
