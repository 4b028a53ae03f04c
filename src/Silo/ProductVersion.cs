using System.Reflection;

namespace OrleansLb.Silo;

/// <summary>Which program this is.</summary>
internal static class ProductVersion
{
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    /// <summary>Whether the grains run on Microsoft Orleans or, in one process, on src/LocalGrains.</summary>
    public static string Build =>
#if PRODUCT_PACKAGES
        "orleans";
#else
        "local";
#endif
}
