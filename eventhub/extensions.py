"""Flask extensions, unbound. Below this module nothing imports Flask."""

from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_mail import Mail
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from eventhub.models import Base

db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})
csrf = CSRFProtect()
login = LoginManager()
limiter = Limiter(key_func=get_remote_address)
mail = Mail()
compress = Compress()
