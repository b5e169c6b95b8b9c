import logging

import azure.functions as func


def main(req: func.HttpRequest) -> func.HttpResponse:
    logging.info("HTTP function processes a request: %s", req.url)
    name = req.params.get("name", "world")
    return func.HttpResponse(f"Hello, {name}!")
