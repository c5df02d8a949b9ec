"""What is for sale, and in which store."""

from catalog.models.api_key import ApiKey
from catalog.models.category import Category
from catalog.models.idempotent_answer import IdempotentAnswer
from catalog.models.membership import Membership, Right, Role
from catalog.models.product import Product
from catalog.models.store import Store

__all__ = ["ApiKey", "Category", "IdempotentAnswer", "Membership", "Product", "Right", "Role", "Store"]
