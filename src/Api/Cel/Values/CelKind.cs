namespace OrleansLb.Api.Cel.Values;

/// <summary>The kinds of CEL values; <see cref="Any"/> stands for a type that is known only when the value is there.</summary>
public enum CelKind
{
    Any,
    Error,
    Null,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    List,
    Map,
    Timestamp,
    Duration,
    Type,
    Optional,
    Ip,
    Cidr,
    Url,
    Quantity,
    Semver,
    Format,
}

internal static class CelKinds
{
    /// <summary>The name of the kind as expressions and messages write it.</summary>
    public static string Name(this CelKind kind) => kind switch
    {
        CelKind.Any => "dyn",
        CelKind.Null => "null_type",
        CelKind.Timestamp => "google.protobuf.Timestamp",
        CelKind.Duration => "google.protobuf.Duration",
        CelKind.Optional => "optional_type",
        CelKind.Ip => "net.IP",
        CelKind.Cidr => "net.CIDR",
        CelKind.Url => "kubernetes.URL",
        CelKind.Quantity => "kubernetes.Quantity",
        CelKind.Semver => "kubernetes.Semver",
        CelKind.Format => "kubernetes.NamedFormat",
        _ => kind.ToString().ToLowerInvariant(),
    };

    /// <summary>The kinds that an expression can name, as in <c>type(self) == int</c>.</summary>
    public static CelKind? Named(string name) =>
        Enum.GetValues<CelKind>().Where(kind => kind is not (CelKind.Any or CelKind.Error) && kind.Name() == name).Select(kind => (CelKind?)kind)
            .FirstOrDefault();
}
