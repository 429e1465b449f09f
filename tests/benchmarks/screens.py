"""What the web client asks for a view: its fields, and those of the lists in it."""

from lxml import etree


def specification(env, model, view_type, xmlid=None):
    """The specification that web_search_read or web_read gets for a view."""
    view_id = env.ref(xmlid).id if xmlid else None
    view = env[model].get_view(view_id, view_type)
    return _of_node(env, model, etree.fromstring(view["arch"]))


def _of_node(env, model, node):
    wanted = {}
    for field in _own_fields(node):
        name = field.get("name")
        if name in env[model]._fields:
            wanted[name] = _of_field(env, env[model]._fields[name], field)
    return wanted


def _own_fields(node):
    """Field nodes of this view, not those of the views inside its fields."""
    for child in node:
        if child.tag == "field":
            yield child
        elif isinstance(child.tag, str):
            yield from _own_fields(child)


def _of_field(env, field, node):
    if field.type == "many2one":
        return {"fields": {"display_name": {}}}
    if field.type not in ("one2many", "many2many"):
        return {}
    inner = next((child for child in node if child.tag in ("list", "kanban")), None)
    if inner is None:
        return {"fields": {"display_name": {}}, "limit": 40}
    return {"fields": _of_node(env, field.comodel_name, inner), "limit": 40}
