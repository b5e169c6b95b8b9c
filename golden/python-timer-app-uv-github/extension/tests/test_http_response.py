"""Which responses can be appended to, and what becomes of the others."""

from unittest import TestCase, skipUnless

from azure.functions import HttpResponse

from python_worker_extension_timer.http_response import add_header, append_text

PNG = b"\x89PNG\r\n\x1a\n"


def appended(response: HttpResponse) -> bytes:
    append_text(response, "!")
    return response.get_body()


class AppendTextTest(TestCase):
    def test_plain_text_is_appended_to(self) -> None:
        for response in (
            HttpResponse("done"),
            HttpResponse(b"done"),
            HttpResponse("done", mimetype="text/plain"),
            HttpResponse("done", headers={"Content-Type": "Text/Plain; charset=ascii"}),
            HttpResponse("done", status_code=500),
        ):
            self.assertEqual(appended(response), b"done!")

    def test_all_else_in_a_response_stays(self) -> None:
        response = HttpResponse(
            "d\xf4ne",
            status_code=201,
            headers={"X-Kept": "1"},
            mimetype="Text/Plain",
            charset="latin-1",
        )
        self.assertEqual(appended(response), b"d\xf4ne!")
        self.assertEqual(response.status_code, 201)
        self.assertEqual(list(response.headers.values()), ["1"])
        self.assertEqual(response.mimetype, "Text/Plain")
        self.assertEqual(response.charset, "latin-1")

    @skipUnless(hasattr(HttpResponse().headers, "add"), "azure-functions is too old")
    def test_cookies_stay(self) -> None:
        response = HttpResponse("done")
        response.headers.add("Set-Cookie", "a=1")
        response.headers.add("Set-Cookie", "b=2")
        append_text(response, "!")
        self.assertEqual(response.headers.get_all("Set-Cookie"), ["a=1", "b=2"])

    def test_content_length_follows(self) -> None:
        response = HttpResponse("done", headers={"Content-Length": "4"})
        append_text(response, "!")
        self.assertEqual(response.headers["Content-Length"], "5")

    def test_a_response_that_is_returned_again_is_appended_to_once(self) -> None:
        shared = HttpResponse("done")
        append_text(shared, " (first)")
        append_text(shared, " (second)")
        self.assertEqual(shared.get_body(), b"done (second)")
        HttpResponse.__init__(shared, shared.get_body() + b" and more")
        append_text(shared, " (third)")
        self.assertEqual(shared.get_body(), b"done (second) and more")

    def test_other_bodies_stay_as_they_are(self) -> None:
        for body, response in (
            (b"{}", HttpResponse("{}", mimetype="application/json")),
            (b"{}", HttpResponse("{}", headers={"Content-Type": "application/json"})),
            (b"<p>", HttpResponse("<p>", mimetype="text/html")),
            (b"a", HttpResponse("a", headers={"Content-Encoding": "gzip"})),
            (b"a", HttpResponse("a", status_code=206)),
            (b"a", HttpResponse("a", headers={"Content-Type": "text/plain;charset=x"})),
            (b"\0\1", HttpResponse(b"\0\1")),
            (PNG, HttpResponse(PNG)),
            (PNG, HttpResponse(PNG, mimetype="image/png")),
            (b"\xff\xfe\1N", HttpResponse("\u4e01", charset="utf-16")),
            (b"", HttpResponse()),
            (b"", HttpResponse(status_code=204)),
        ):
            with self.subTest(body=body, mimetype=response.mimetype):
                self.assertEqual(appended(response), body)


class AddHeaderTest(TestCase):
    def test_a_value_of_others_is_kept(self) -> None:
        response = HttpResponse(PNG, headers={"server-timing": "a"})
        add_header(response, "Server-Timing", "b")
        self.assertEqual(response.headers["server-timing"], "a, b")
        self.assertEqual(response.get_body(), PNG)

    def test_a_response_that_is_returned_again_gets_one_value(self) -> None:
        shared = HttpResponse(PNG)
        add_header(shared, "Server-Timing", "a")
        add_header(shared, "Server-Timing", "b")
        self.assertEqual(shared.headers["server-timing"], "b")
        shared.headers["Server-Timing"] += ", theirs"
        add_header(shared, "Server-Timing", "c")
        self.assertEqual(shared.headers["server-timing"], "b, theirs")
