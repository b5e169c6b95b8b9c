import logging

import azure.functions as func


def main(timer: func.TimerRequest) -> None:
    logging.info(
        "Timer function runs late" if timer.past_due else "Timer function runs"
    )
