namespace OrleansLb.Silo.Lab.Routers;

/// <summary>The routing daemons that the lab can run on its router: <c>--router NAME</c>.</summary>
internal enum RouterKind
{
    Bird,
    Frr,
    GoBgp,
    OpenBgpd,
}
