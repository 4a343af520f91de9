"""The database: tables, transactions, the group-commit writer and the after-commit outbox."""

from chat.store.batch import Transaction
from chat.store.db import Store

__all__ = ["Store", "Transaction"]
