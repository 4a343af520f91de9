"""The database: tables, transactions, the group-commit writer and the after-commit outbox."""

from chat.store.db import Store, Transaction

__all__ = ["Store", "Transaction"]
