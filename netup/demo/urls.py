"""Addresses of the demo storefront."""

from django.urls import path

from netup.demo import views

app_name = "demo"

urlpatterns = [
    path("", views.home, name="home"),
    path("rayons/<path:slug>", views.category, name="category"),
    path("recherche", views.search, name="search"),
    path("produits/<str:item_id>", views.product, name="product"),
    path("panier", views.cart, name="cart"),
    path("panier/modifier", views.change_cart, name="change-cart"),
    path("commande", views.checkout, name="checkout"),
    path("merci", views.confirmation, name="confirmation"),
    path("demo/pictures/<str:item_id>.svg", views.product_picture, name="picture"),
]
