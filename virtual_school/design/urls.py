from django.urls import path

from virtual_school.design import views

app_name = "design"
urlpatterns = [path("gallery/", views.gallery, name="gallery")]
