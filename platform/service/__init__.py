"""What people do, once for all faces: who acts, in which roles and authority, and the outcome."""
