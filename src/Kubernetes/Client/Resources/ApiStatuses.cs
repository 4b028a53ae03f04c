using System.Text;
using System.Text.Json;

namespace OrleansLb.Kubernetes.Client.Resources;

/// <summary>Reads the body of a refusal, which a proxy in between may have written.</summary>
internal static class ApiStatuses
{
    private const int LongestText = 300;

    public static ApiStatus Read(ReadOnlySpan<byte> body, int code, string? phrase)
    {
        try
        {
            if (JsonSerializer.Deserialize(body, ClientJson.Default.ApiStatus) is { Kind: "Status" } status)
            {
                return status.Code == 0 ? status with { Code = code } : status;
            }
        }
        catch (JsonException)
        {
            // Not of the API server: its text is the best that there is to say.
        }
        var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, LongestText)]).Trim();
        return new ApiStatus { Code = code, Message = text.Length > 0 ? text : phrase };
    }
}
