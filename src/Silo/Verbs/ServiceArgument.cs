using System.CommandLine;
using OrleansLb.Core;

namespace OrleansLb.Silo.Verbs;

/// <summary>The argument that names a service, checked.</summary>
internal static class ServiceArgument
{
    public static Argument<ServiceName> Create() => new("NAMESPACE/NAME")
    {
        Description = "The service.",
        CustomParser = result =>
        {
            if (ServiceName.TryParse(result.Tokens[0].Value, out var name)) return name;
            result.AddError($"'{result.Tokens[0].Value}' does not name a service: write NAMESPACE/NAME, such as default/web.");
            return default;
        },
    };
}
