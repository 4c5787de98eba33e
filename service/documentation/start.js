// Shows the API document of this very service.
SwaggerUIBundle({ url: "/openapi.json", dom_id: "#docs", deepLinking: true });
