from django.urls import path

from virtual_school.voice import views_gallery

app_name = "voice"
urlpatterns = [path("gallery/voice/", views_gallery.gallery, name="gallery")]
