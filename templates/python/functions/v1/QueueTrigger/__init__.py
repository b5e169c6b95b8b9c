import logging

import azure.functions as func


def main(message: func.QueueMessage) -> None:
    logging.info("Queue function processes a message: %s", message.get_body().decode())
