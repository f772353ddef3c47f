"""Reads YAML as editors do, and walks a document beside the JSON Schema."""

import re

import yaml

CLOSED = "additionalProperties"

_NULL = {"", "~", "null", "Null", "NULL"}
_TRUE = {"true", "True", "TRUE"}
_FALSE = {"false", "False", "FALSE"}
_INT = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


class NotForSchemas(Exception):
    """The text is no YAML document, or one that JSON cannot say."""


def _scalar(node):
    text = node.value
    if node.style is not None:
        return text
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _value(node, above):
    if id(node) in above:
        raise NotForSchemas("an alias inside its own anchor")
    above = above | {id(node)}
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, above) for item in node.value]
    if not all(isinstance(key, yaml.ScalarNode) for key, _ in node.value):
        raise NotForSchemas("a key that is no text")
    return {key.value: _value(value, above) for key, value in node.value}


def read(data):
    """The document as YAML 1.2's core schema has it; a date is a text."""
    try:
        node = yaml.compose(data, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as broken:
        raise NotForSchemas(str(broken)) from broken
    if node is None:
        raise NotForSchemas("the file is empty")
    return _value(node, frozenset())


class Schema:
    """A schema and what holds at each place of a document that it takes."""

    def __init__(self, root, validator):
        self.root = root
        self._validator = validator

    def entry(self, name):
        """The definition `name` as a schema of its own."""
        definitions = self.root["$defs"]
        return Schema({**definitions[name], "$defs": definitions}, self._validator)

    def takes(self, document):
        return self._validator(self.root).is_valid(document)

    def closed(self, schema=None):
        """All mappings with keys of ours, below `schema`."""
        schema = self.root if schema is None else schema
        if isinstance(schema, dict):
            if "properties" in schema and schema.get(CLOSED) is False:
                yield schema
            for value in schema.values():
                yield from self.closed(value)
        elif isinstance(schema, list):
            for value in schema:
                yield from self.closed(value)

    def places(self, document):
        """(path, value, schemas that hold there), for all places."""
        yield from self._places([self.root], document, ())

    def _takes(self, schema, value):
        whole = {"$defs": self.root["$defs"], "allOf": [schema]}
        return self._validator(whole).is_valid(value)

    def _holding(self, schema, value):
        yield schema
        if "$ref" in schema:
            name = schema["$ref"].removeprefix("#/$defs/")
            yield from self._holding(self.root["$defs"][name], value)
        for part in schema.get("allOf", []):
            yield from self._holding(part, value)
        for part in schema.get("anyOf", []) + schema.get("oneOf", []):
            if self._takes(part, value):
                yield from self._holding(part, value)
        if "if" in schema:
            branch = "then" if self._takes(schema["if"], value) else "else"
            yield from self._holding(schema.get(branch, {}), value)

    def _places(self, schemas, value, path):
        holding = [part for schema in schemas for part in self._holding(schema, value)]
        yield path, value, holding
        if isinstance(value, dict):
            children = value.items()
        elif isinstance(value, list):
            children = enumerate(value)
        else:
            return
        for key, child in children:
            below = [_child(schema, key) for schema in holding]
            yield from self._places([b for b in below if b], child, (*path, key))


def _child(schema, key):
    if isinstance(key, int):
        return schema.get("items")
    found = schema.get("properties", {}).get(key, schema.get(CLOSED))
    return found if isinstance(found, dict) else None


def keys_at(holding):
    """The keys known at a place with keys of ours, else nothing."""
    closed = [s for s in holding if "properties" in s and s.get(CLOSED) is False]
    return {key for schema in closed for key in schema["properties"]}


def words_at(holding):
    """The words known at a place that takes one of several."""
    return next((set(s["enum"]) for s in holding if "enum" in s), set())


def path_text(path):
    """As the reader writes it: teams.web.members[2]."""
    text = ""
    for key in path:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else key
    return text
