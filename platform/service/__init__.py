"""What people do, once for all faces: who acts, with which roles and authority."""
