"""What people do, once for all faces: who acts, in which roles and authority, and what came of it."""
