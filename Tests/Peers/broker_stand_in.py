#!/usr/bin/env python3
# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""A broker's REST API in the form of Alpaca's, on loopback, that can be made to fail.

It holds the truth: every order that it took, every execution, every position. /control reads it
(GET) and changes it (POST): prices, trades by hand, faults, the process of the connector.
"""

import json
import os
import signal
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

OPEN = {"new", "partially_filled", "pending_cancel"}


class Broker:
    def __init__(self):
        self.lock = threading.RLock()
        self.orders = []
        self.fills = []
        self.faults = []
        self.prices = {}
        self.process = None
        # Whether market orders are filled as soon as they are taken.
        self.is_open = True
        # How often each client id was asked for, and how often it was taken.
        self.asked = {}
        self.unauthorized = 0
        self.requests = []
        self.number = "PA0STANDIN"

    # What a client of the API sees

    def order(self, key, value):
        return next((order for order in self.orders if order[key] == value), None)

    def place(self, body):
        with self.lock:
            client = body.get("client_order_id") or str(uuid.uuid4())
            self.asked[client] = self.asked.get(client, 0) + 1
            if self.order("client_order_id", client):
                return 422, {"code": 40010001, "message": "client_order_id must be unique"}
            if body["side"] == "sell" and self.free(body["symbol"]) < float(body["qty"]):
                return 403, {"code": 40310000, "message": "insufficient qty available for order"}
            order = {
                "id": str(uuid.uuid4()), "client_order_id": client, "symbol": body["symbol"],
                "side": body["side"], "type": body["type"], "qty": body["qty"],
                "time_in_force": body["time_in_force"], "filled_qty": "0", "status": "new",
                "limit_price": body.get("limit_price"), "stop_price": body.get("stop_price"),
                "filled_avg_price": None, "asset_class": "us_equity", "order_class": "simple",
                "position_intent": "buy_to_open", "created_at": "2026-01-02T15:00:00Z",
            }
            self.orders.append(order)
            if self.is_open:
                self.match()
            return 200, order

    def free(self, symbol):
        """What is held and not reserved by open orders to sell."""
        reserved = sum(
            float(order["qty"]) - float(order["filled_qty"]) for order in self.orders
            if order["status"] in OPEN and order["side"] == "sell" and order["symbol"] == symbol
        )
        return self.positions().get(symbol, 0) - reserved

    def match(self):
        for order in self.orders:
            if order["status"] not in OPEN:
                continue
            price = self.prices.get(order["symbol"], 100.0)
            if order["type"] == "market":
                self.fill(order, float(order["qty"]) - float(order["filled_qty"]), price)
            elif order["type"] == "stop":
                stop = float(order["stop_price"])
                if price <= stop if order["side"] == "sell" else price >= stop:
                    self.fill(order, float(order["qty"]) - float(order["filled_qty"]), price)

    def fill(self, order, quantity, price):
        if quantity <= 0:
            return
        done = float(order["filled_qty"]) + quantity
        order["filled_qty"] = f"{done:g}"
        order["status"] = "filled" if done >= float(order["qty"]) else "partially_filled"
        order["filled_avg_price"] = f"{price:g}"
        self.fills.append({
            "activity_type": "FILL", "id": f"{20260102150000000 + len(self.fills)}::{uuid.uuid4()}",
            "order_id": order["id"], "symbol": order["symbol"], "side": order["side"],
            "qty": f"{quantity:g}", "price": f"{price:g}", "type": "fill",
            "cum_qty": order["filled_qty"], "leaves_qty": "0", "order_status": order["status"],
            "transaction_time": "2026-01-02T15:00:00Z",
        })

    def cancel(self, order):
        if order is None:
            return 404, {"code": 40410000, "message": "order not found"}
        if order["status"] not in OPEN:
            return 422, {"code": 42210000, "message": f"order is already {order['status']}"}
        order["status"] = "canceled"
        return 204, None

    def positions(self):
        sums = {}
        for fill in self.fills:
            sign = 1 if fill["side"] == "buy" else -1
            sums[fill["symbol"]] = sums.get(fill["symbol"], 0) + sign * float(fill["qty"])
        return {symbol: quantity for symbol, quantity in sums.items() if quantity}

    def read(self, path, query):
        with self.lock:
            if path == "/v2/account":
                return 200, {
                    "id": str(uuid.UUID(int=1)), "account_number": self.number,
                    "status": "ACTIVE", "cash": "1000000", "equity": "1000000",
                    "currency": "USD", "trading_blocked": False, "account_blocked": False,
                }
            if path == "/v2/orders:by_client_order_id":
                order = self.order("client_order_id", query.get("client_order_id"))
                return (200, order) if order else (404, {"message": "order not found"})
            if path.startswith("/v2/orders/"):
                order = self.order("id", path.rsplit("/", 1)[1])
                return (200, order) if order else (404, {"message": "order not found"})
            if path == "/v2/orders":
                return 200, [order for order in self.orders if order["status"] in OPEN]
            if path == "/v2/account/activities/FILL":
                found = list(reversed(self.fills))
                if query.get("page_token"):
                    ids = [fill["id"] for fill in found]
                    found = found[ids.index(query["page_token"]) + 1:]
                return 200, found[:int(query.get("page_size", 100))]
            if path == "/v2/positions":
                return 200, [
                    {
                        "symbol": symbol, "qty": f"{quantity:g}", "avg_entry_price": "100",
                        "side": "long" if quantity > 0 else "short", "asset_class": "us_equity",
                    }
                    for symbol, quantity in sorted(self.positions().items())
                ]
            return 404, {"message": f"no {path}"}

    # What the test sees

    def told(self):
        with self.lock:
            return {
                "orders": self.orders, "fills": self.fills, "asked": self.asked,
                "positions": self.positions(), "faults": self.faults,
                "unauthorized": self.unauthorized, "process": self.process,
                "requests": self.requests[-200:],
            }

    def control(self, change):
        with self.lock:
            self.faults += change.get("faults", [])
            self.prices.update(change.get("prices", {}))
            self.process = change.get("process", self.process)
            self.is_open = change.get("open", self.is_open)
            self.number = change.get("number", self.number)
            for trade in change.get("trades", []):
                order = {
                    "id": str(uuid.uuid4()), "client_order_id": str(uuid.uuid4()),
                    "filled_qty": "0", "status": "new", "type": "market", **trade,
                }
                self.orders.append(order)
                self.fill(order, float(trade["qty"]), self.prices.get(trade["symbol"], 100.0))
            if self.is_open:
                self.match()

    def fault(self, verb, path, body):
        """The next fault that is meant for this request; it is used up."""
        kind = (body or {}).get("type")
        with self.lock:
            for fault in self.faults:
                if fault["verb"] == verb and path.startswith(fault["path"]) \
                        and fault.get("type", kind) == kind:
                    fault["count"] = fault.get("count", 1) - 1
                    if fault["count"] <= 0:
                        self.faults.remove(fault)
                    return fault["kind"]
        return None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    broker = None
    key = "stand-in-key"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.serve("GET")

    def do_POST(self):
        self.serve("POST")

    def do_DELETE(self):
        self.serve("DELETE")

    def serve(self, verb):
        parts = urlsplit(self.path)
        length = int(self.headers.get("content-length") or 0)
        body = json.loads(self.rfile.read(length) or b"null")
        broker = self.broker
        if parts.path == "/control":
            if verb == "POST":
                broker.control(body)
            return self.answer(200, broker.told())
        if self.headers.get("APCA-API-SECRET-KEY") != self.key:
            broker.unauthorized += 1
            return self.answer(401, {"message": "unauthorized"})
        broker.requests.append(f"{verb} {self.path}")
        fault = broker.fault(verb, parts.path, body)
        if fault in ("429", "500"):
            return self.answer(int(fault), {"message": "not now"})
        if fault == "die":
            # The connector dies with the request taken and not answered.
            self.perform(verb, parts, body)
            os.kill(broker.process, signal.SIGKILL)
            return self.drop()
        status, told = self.perform(verb, parts, body)
        if fault == "drop":
            return self.drop()
        if fault == "delay":
            time.sleep(8)
        if fault == "duplicate":
            status, told = self.perform(verb, parts, body)
        self.answer(status, told)

    def perform(self, verb, parts, body):
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if verb == "POST" and parts.path == "/v2/orders":
            return self.broker.place(body)
        if verb == "DELETE" and parts.path.startswith("/v2/orders/"):
            with self.broker.lock:
                order = self.broker.order("id", parts.path.rsplit("/", 1)[1])
                return self.broker.cancel(order)
        return self.broker.read(parts.path, query)

    def drop(self):
        self.close_connection = True
        self.connection.close()

    def answer(self, status, told):
        data = b"" if told is None else json.dumps(told).encode()
        try:
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except OSError:
            self.close_connection = True


def start():
    """Starts the stand-in on a free port and returns it with its server."""
    broker = Broker()
    handler = type("BoundHandler", (Handler,), {"broker": broker})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    # A connector that dies with its connections open is what this is for.
    server.handle_error = lambda *_: None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return broker, server
