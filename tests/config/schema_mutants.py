"""Changes one thing in a document, at random: no file is safe from people."""

import copy


VALUES = (
    None, True, False, 0, 1, 7, -1, 31, 2026, 1.5, "", [], {}, [[]], [{}],
    # words
    "zzzz", "a b", "a\nb", "ada", "web", "ladder", "none", "self", "...", "may",
    "monday", "Monday:FRIDAY", "january:03", "UTC", "Local", "Europe/Zurich",
    # lengths, times and dates
    "0", "0s", "500ms", "1000ms", "59m99s", "5m", "1h30m", "30m1h", "23h60m", "24h",
    "1d", "00:00", "09:00", "9:00", "24:00", "monday 09:00", "1 09:00", "31 09:00",
    "1:5", "-3:-1", "28:31", "2026-11-30",
    # places and secrets
    "http://", "https://example.org", "https://example.org/{{ address }}",
    "https://example.org/{{address}}", "https://{{ address }}", "host:25", "a@b",
    "credential:x", "credential:", "$", "$VAR", "${VAR}", "a$VAR",
    # matchers, lists and mappings
    "a=\"b\"", "{}", ["a=\"b\""], ["{}"], ["ada"], ["ada", "ada"], ["..."], ["5m"],
    {"a": "b"}, {"team": "web"}, {"notify": "console"}, {"wait": "5m"},
    {"kind": "console"}, {"discard": True}, {"escalation_chain": "ladder"},
)
KEYS = ("name", "kind", "times", "token", "wait", "users", "aliases", "zzzz")


def nodes_of(document, path=()):
    yield path
    if isinstance(document, (dict, list)):
        pairs = document.items() if isinstance(document, dict) else enumerate(document)
        for key, value in list(pairs):
            yield from nodes_of(value, (*path, key))


def mutated(document, chance):
    """The document with one thing changed: a value, a key, or one too many."""
    mutant = copy.deepcopy(document)
    path = chance.choice([p for p in nodes_of(mutant) if p])
    at = mutant
    for key in path[:-1]:
        at = at[key]
    how = chance.randrange(6)
    if how < 3:
        at[path[-1]] = copy.deepcopy(chance.choice(VALUES))
    elif how == 3:
        del at[path[-1]]
    elif how == 4:
        at[path[-1]] = [at[path[-1]]]
    elif isinstance(at, list):
        at.append(copy.deepcopy(chance.choice(at)))
    else:
        at[chance.choice(KEYS)] = at[path[-1]]
    return mutant
