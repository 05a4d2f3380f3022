"""Books, gives one unit back, and pays, as a guest in the live that `npm start` opens. With Debian's python3-socketio and
python3-aiohttp: python3 examples/book.py [http://localhost:3000]"""

import asyncio
import sys
import uuid

import aiohttp
import socketio

URL = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:3000"


async def main():
    async with aiohttp.ClientSession(URL, raise_for_status=True) as http:
        shops = await (await http.get("/api/v1/shops")).json()
        shop = next(shop for shop in shops["items"] if shop["lives"])
        shop_id, live_id = shop["shopId"], shop["lives"][0]["liveId"]
        guest = await (await http.post(f"/api/v1/shops/{shop_id}/guests", json={"name": "Ani"})).json()

        sio = socketio.AsyncClient()
        released, paid = asyncio.Event(), asyncio.Event()

        @sio.on("stock:released", namespace="/live")
        async def _(event):
            print("released", event["releases"])
            released.set()

        @sio.on("order:updated", namespace="/live")
        async def _(event):
            print("order is", event["order"]["status"])
            if event["order"]["status"] == "paid":
                paid.set()

        async def command(name, payload):
            answer = await sio.call(name, payload, namespace="/live", timeout=10)
            if not answer["ok"]:
                raise SystemExit(f"{name}: {answer['error']['code']}: {answer['error']['message']}")
            return answer["data"]

        await sio.connect(URL, namespaces=["/live"], auth={"token": guest["token"]})
        live = await command("live:join", {"shopId": shop_id, "liveId": live_id})
        item = next(item for item in live["items"] if item["open"] and item["available"] >= 2)
        # The same again with the same requestId, as after a lost connection, has one effect.
        wish = {"liveId": live_id, "itemId": item["itemId"], "quantity": 2, "requestId": str(uuid.uuid4())}
        booking = (await command("booking:create", wish))["booking"]
        print(f"booking {booking['sequence']} of {item['code']} is mine until {booking['expiresAt']}")
        await command("booking:cancel", {"bookingId": booking["bookingId"], "quantity": 1})
        await asyncio.wait_for(released.wait(), 10)

        checkout = (await command("checkout:start", {}))["checkout"]
        order = (
            await command(
                "order:place",
                {
                    "checkoutId": checkout["checkoutId"],
                    "paymentMethod": "qris",
                    "requestId": str(uuid.uuid4()),
                    "recipient": {"name": "Ani", "phone": "0812-3456-7890"},
                },
            )
        )["order"]
        print("to be paid:", order["total"], order["payment"]["qrString"])
        # The customer's banking app, played by the sandbox.
        await http.post(f"/sandbox/qris/{order['payment']['paymentId']}/pay")
        await asyncio.wait_for(paid.wait(), 10)
        await sio.disconnect()


asyncio.run(main())
