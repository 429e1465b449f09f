"""A web client's requests: what a screen asks of the server, as one of its users."""

import itertools
import json
import urllib.request
from http.cookiejar import CookieJar


class RpcError(Exception):
    """The server's answer was an error; the message is the one a user reads."""


class Client:
    """A session of one user at a server."""

    def __init__(self, url, database, login, password):
        self.url = url
        self.login = login
        self.numbers = itertools.count()
        jar = urllib.request.HTTPCookieProcessor(CookieJar())
        self.opener = urllib.request.build_opener(jar)
        self.session = self.request(
            "/web/session/authenticate",
            {"db": database, "login": login, "password": password},
        )

    def request(self, path, params):
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        body["id"] = next(self.numbers)
        request = urllib.request.Request(
            self.url + path,
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with self.opener.open(request, timeout=300) as response:
            answer = json.load(response)
        if "error" in answer:
            data = answer["error"].get("data") or {}
            raise RpcError(data.get("message") or answer["error"]["message"])
        return answer["result"]

    def call(self, model, method, *args, **kwargs):
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.request(f"/web/dataset/call_kw/{model}/{method}", params)

    def rows(self, model, domain, fields, **kwargs):
        """The rows of a list, all of them."""
        specification = {field: {} for field in fields}
        return self.call(
            model,
            "web_search_read",
            domain=domain,
            specification=specification,
            limit=100_000,
            **kwargs,
        )["records"]

    def sums(self, model, domain, aggregates, **kwargs):
        """The foot of a list: its aggregates, as numbers."""
        [group] = self.call(
            model,
            "formatted_read_group",
            domain=domain,
            groupby=[],
            aggregates=aggregates,
            **kwargs,
        )
        return [group[name] or 0 for name in aggregates]

    def groups(self, model, domain, groupby, aggregates, **kwargs):
        return self.call(
            model,
            "formatted_read_group",
            domain=domain,
            groupby=[groupby],
            aggregates=aggregates,
            **kwargs,
        )
